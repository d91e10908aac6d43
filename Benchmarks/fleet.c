#include "fleet.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEAM = 100, AREA = 32 };
enum { AGENTS = 0, TOOLS = 30, TRIGGERS = 54, PROMPTS = 84, CHANNELS = 88, USERS = 91, TEAM_ITSELF = 98, REPOSITORY = 99 };

static const char *const trades[] = {
    "billing", "search", "support", "payments", "logistics", "risk", "research", "platform",
    "mobile", "content", "identity", "pricing", "catalogue", "claims", "energy", "travel",
};
static const char *const duties[] = {
    "triage", "brief", "review", "digest", "alert", "answer", "check", "summary", "forecast", "audit",
};
static const char *const nouns[] = {
    "order", "ticket", "invoice", "shipment", "account", "release", "incident", "policy", "contract", "report", "customer",
    "deployment", "request", "document", "payment", "schedule", "question", "change", "dataset", "meeting",
};
static const char *const verbs[] = {
    "compare", "summarise", "classify", "explain", "verify", "list", "correct", "answer", "escalate", "translate",
};
static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Sydney"};

#define PICK(list, number) list[(number) % (sizeof list / sizeof *list)]

/* The team that is being written, and how many of its hundred there are. */
struct team {
    long number;
    int count;
    char name[40];
    char directory[80];
    fleet_file write;
    void *context;
    /* One text at a time. */
    char text[64 << 10];
    size_t length;
    uint64_t random;
};

static uint64_t next_random(struct team *team) {
    uint64_t value = (team->random += 0x9E3779B97F4A7C15u);
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

static void put(struct team *team, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(team->text + team->length, sizeof team->text - team->length, format, arguments);
    va_end(arguments);
    if (count < 0 || (size_t)count >= sizeof team->text - team->length) {
        fprintf(stderr, "fleet: a file is too long\n");
        exit(1);
    }
    team->length += (size_t)count;
}

static void begin(struct team *team, int slot) {
    team->length = 0;
    team->random = (uint64_t)team->number * 1000 + (uint64_t)slot;
}

static void end(struct team *team, const char *directory, const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s%s", team->directory, directory, name);
    team->write(team->context, path, team->text, team->length);
}

static int has(const struct team *team, int slot) { return slot < team->count; }

static void put_sentence(struct team *team) {
    const char *verb = PICK(verbs, next_random(team));
    const char *one = PICK(nouns, next_random(team));
    const char *other = PICK(nouns, next_random(team));
    switch (next_random(team) % 4) {
    case 0: put(team, "Before anything else %s the %s and say which %s it belongs to.", verb, one, other); break;
    case 1: put(team, "When the %s names no %s, %s what is there and stop.", one, other, verb); break;
    case 2: put(team, "Never %s a %s without the number of its %s.", verb, one, other); break;
    default: put(team, "If somebody asks about a %s, %s it in two sentences and name the %s.", one, verb, other);
    }
}

static void put_header(struct team *team, const char *kind, const char *name) {
    put(team, "apiVersion: writ/v1\nkind: %s\nmetadata:\n  name: %s\n  labels: {team: %s, tier: %s}\n", kind, name,
        team->name, next_random(team) % 3 ? "standard" : "critical");
}

static void name_agent(const struct team *team, int index, char *name, size_t size) {
    snprintf(name, size, "%s-%s-%02d", team->name, PICK(duties, (unsigned)index), index);
}

static void name_tool(const struct team *team, int index, char *name, size_t size) {
    snprintf(name, size, "%s-%s-lookup-%02d", team->name, PICK(nouns, (unsigned)index), index);
}

static void put_agent(struct team *team, int index) {
    char name[80], tool[80];
    name_agent(team, index, name, sizeof name);
    begin(team, AGENTS + index);
    put_header(team, "Agent", name);
    put(team, "  annotations:\n    runbook: https://handbook.example.com/%s/%s\nspec:\n  description: ", team->name, name);
    put_sentence(team);
    put(team, "\n");
    if (has(team, USERS + index % 7)) put(team, "  owner: %s-person-%d\n", team->name, index % 7);
    put(team, "  # The persona stands before the instructions; the whole team uses the same file.\n"
              "  persona: {file: ../texts/persona.md}\n");
    put(team, "  model: {provider: main, name: gpt-4.1-mini, temperature: 0.%d, maxOutputTokens: %d}\n", index % 9 + 1,
        400 + index % 5 * 200);
    if (index % 5 == 4 && has(team, PROMPTS + index % 4)) {
        put(team, "  prompt: %s-instructions-%d\n", team->name, index % 4);
    } else if (index % 5 == 3) {
        put(team, "  systemPrompt: |\n");
        for (int line = 0; line < 6; line++) put(team, "    "), put_sentence(team), put(team, "\n");
    } else {
        put(team, "  systemPrompt: {file: ../texts/%s.md}\n", name);
    }
    for (int use = 0; use < index % 4; use++) {
        if (!has(team, TOOLS + (index + use) % 24)) continue;
        name_tool(team, (index + use) % 24, tool, sizeof tool);
        put(team, use ? "    - %s\n" : "  tools:\n    - %s\n", tool);
    }
    put(team, "  limits: {maxSteps: %d, timeout: %dm, maxTokens: %d, concurrency: %d}\n", 4 + index % 6, 2 + index % 4,
        10000 + index * 500, 1 + index % 3);
    strcat(name, ".yaml");
    end(team, "agents/", name);
}

static void put_instructions(struct team *team, int index, const char *addition) {
    char name[80];
    name_agent(team, index, name, sizeof name);
    begin(team, 1000 + index);
    put(team, "# %s\n\nYou work for the team %s.\n\n%s", name, team->name, addition);
    for (int line = 0; line < 6 + index % 12; line++) put(team, "- "), put_sentence(team), put(team, "\n");
    put(team, "\nEvent: {{event.name}}\n");
    strcat(name, ".md");
    end(team, "texts/", name);
}

static void put_tool(struct team *team, int index, const char *addition) {
    char name[80];
    const char *noun = PICK(nouns, (unsigned)index);
    name_tool(team, index, name, sizeof name);
    begin(team, TOOLS + index);
    put_header(team, "Tool", name);
    put(team, "spec:\n  # The model reads this sentence, so it says when to call.\n  description: Looks up a %s. %s", noun,
        addition);
    put_sentence(team);
    put(team, "\n  parameters:\n    type: object\n    properties:\n"
              "      %s: {type: string, minLength: 2, maxLength: %d}\n"
              "      limit: {type: integer, minimum: 1, maximum: 20}\n"
              "      since:\n        type: string\n        description: The first day, as in 2026-03-01.\n"
              "    required: [%s]\n    additionalProperties: false\n  timeout: %ds\n",
        noun, 60 + index * 10, noun, 5 + index);
    put(team, "  http:\n    url: https://%s.example.com/v1/%ss/search\n"
              "    # An empty parameter is left out, so `limit` may be missing.\n"
              "    query: {q: \"{{%s}}\", limit: \"{{limit}}\", since: \"{{since}}\"}\n",
        team->name, noun, noun);
    put(team, index % 2 ? "    headers: {Accept: application/json}\n    auth:\n      bearer: {env: %s_TOKEN}\n"
                        : "    auth:\n      header: {name: X-API-Key, value: {env: %s_API_KEY}}\n",
        PICK(nouns, 3u));
    strcat(name, ".yaml");
    end(team, "tools/", name);
}

static void put_trigger(struct team *team, int index) {
    char name[80], agent[80];
    name_agent(team, index, agent, sizeof agent);
    snprintf(name, sizeof name, "%s-when-%02d", team->name, index);
    begin(team, TRIGGERS + index);
    put_header(team, "Trigger", name);
    put(team, "spec:\n  description: ");
    put_sentence(team);
    put(team, "\n  agent: %s\n", agent);
    if (index % 2 || !has(team, REPOSITORY)) {
        put(team, "  schedule:\n    cron: %d %d * * mon-fri\n    timeZone: %s\n"
                  "    # An hour later it is still worth it, after that it is not.\n"
                  "    catchUp: latest\n    catchUpWindow: %dh\n"
                  "  input: Write the %s for {{scheduledAt}}.\n",
            (int)(next_random(team) % 60), index % 24, PICK(zones, next_random(team)), 1 + index % 3,
            PICK(duties, (unsigned)index));
    } else {
        put(team, "  webhook:\n    source: github\n    repository: %s-code\n    events: [pull_request.opened, issues]\n"
                  "    secret: {env: GITHUB_WEBHOOK_SECRET}\n  match:\n"
                  "    - {path: payload.label.name, in: [needs-%s, urgent]}\n"
                  "    # The bots that keep links alive open pull requests of their own.\n"
                  "    - {path: payload.sender.login, matches: '^(?!.*\\[bot\\]$)'}\n  input: |\n"
                  "    {{payload.sender.login}} opened {{payload.number}}:\n    {{payload.pull_request.title}}\n",
            team->name, PICK(duties, (unsigned)index));
    }
    if (has(team, CHANNELS + index % 3)) put(team, "  deliver: [%s-channel-%d]\n", team->name, index % 3);
    put(team, "  retry: {maxAttempts: %d, backoff: 30s}\n", 2 + index % 4);
    strcat(name, ".yaml");
    end(team, "triggers/", name);
}

static void put_prompt(struct team *team, int index) {
    char name[80];
    snprintf(name, sizeof name, "%s-instructions-%d", team->name, index);
    begin(team, PROMPTS + index);
    put_header(team, "Prompt", name);
    put(team, "spec:\n  description: Instructions that several agents of the team share.\n  template: |\n");
    for (int line = 0; line < 8; line++) put(team, "    "), put_sentence(team), put(team, "\n");
    strcat(name, ".yaml");
    end(team, "prompts/", name);
}

static void put_channel(struct team *team, int index) {
    char name[80];
    snprintf(name, sizeof name, "%s-channel-%d", team->name, index);
    begin(team, CHANNELS + index);
    put_header(team, "Channel", name);
    put(team, "spec:\n  webhook:\n    url: https://hooks.example.com/%s/%d\n    secret: {env: HOOK_SECRET}\n"
              "  template: \"*{{trigger}}*: {{output}}\"\n",
        team->name, index);
    strcat(name, ".yaml");
    end(team, "channels/", name);
}

/* Several manifests share this file. */
static void put_people(struct team *team) {
    begin(team, USERS);
    for (int index = 0; index < 7 && has(team, USERS + index); index++) {
        char name[80];
        snprintf(name, sizeof name, "%s-person-%d", team->name, index);
        if (index) put(team, "---\n");
        put_header(team, "User", name);
        put(team, "spec:\n  displayName: Person %d of %s\n  email: %s@example.com\n", index, team->name, name);
    }
    end(team, "", "people.yaml");
}

static void put_itself(struct team *team) {
    char agent[80];
    begin(team, TEAM_ITSELF);
    put_header(team, "Team", team->name);
    put(team, "spec:\n  description: The %s team.\n  owner: %s-person-0\n  members:\n", team->name, team->name);
    for (int index = 0; index < 7; index++) put(team, "    - %s-person-%d\n", team->name, index);
    put(team, "  agents:\n");
    for (int index = 0; index < 30; index++) {
        name_agent(team, index, agent, sizeof agent);
        put(team, "    - %s\n", agent);
    }
    end(team, "", "team.yaml");
}

static void put_repository(struct team *team) {
    begin(team, REPOSITORY);
    char name[80];
    snprintf(name, sizeof name, "%s-code", team->name);
    put_header(team, "Repository", name);
    put(team, "spec:\n  url: https://github.com/example/%s\n  webhook:\n    events: [pull_request, issues]\n"
              "    secret: {env: GITHUB_WEBHOOK_SECRET}\n",
        name);
    end(team, "", "repository.yaml");
}

static void open_team(struct team *team, long number, long manifests, fleet_file write, void *context) {
    long left = manifests - 1 - number * TEAM;
    team->number = number;
    team->count = left > TEAM ? TEAM : (int)left;
    snprintf(team->name, sizeof team->name, "%s-%04ld", PICK(trades, (unsigned long)number), number);
    snprintf(team->directory, sizeof team->directory, "areas/area-%02ld/%s", number / AREA, team->name);
    team->write = write;
    team->context = context;
}

static void put_team(struct team *team) {
    for (int index = 0; index < 30 && has(team, AGENTS + index); index++) put_agent(team, index);
    for (int index = 0; index < 3 && has(team, CHANNELS + index); index++) put_channel(team, index);
    for (int index = 0; index < 4 && has(team, PROMPTS + index); index++) put_prompt(team, index);
    for (int index = 0; index < 30 && has(team, AGENTS + index); index++) {
        if (index % 5 == 3 || (index % 5 == 4 && has(team, PROMPTS + index % 4))) continue;
        put_instructions(team, index, "");
    }
    begin(team, 2000);
    put(team, "You are careful, brief and friendly. You write plain English and say what you do not know.\n");
    end(team, "texts/", "persona.md");
    for (int index = 0; index < 24 && has(team, TOOLS + index); index++) put_tool(team, index, "");
    for (int index = 0; index < 30 && has(team, TRIGGERS + index); index++) put_trigger(team, index);
    if (has(team, USERS)) put_people(team);
    if (has(team, TEAM_ITSELF)) put_itself(team);
    if (has(team, REPOSITORY)) put_repository(team);
}

static struct team *new_team(void) {
    struct team *team = calloc(1, sizeof *team);
    if (!team) exit(1);
    return team;
}

void fleet_write(long manifests, fleet_file write, void *context) {
    static const char settings[] = "exclude: [drafts/**]\n";
    static const char provider[] = "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: main}\n"
                                   "spec: {type: openai, apiKey: {env: OPENAI_API_KEY}}\n";
    static const char readme[] = "# A fleet of agents\n\nMade for measuring.\n";
    struct team *team = new_team();
    for (long number = 0; number * TEAM < manifests - 1; number++) {
        open_team(team, number, manifests, write, context);
        put_team(team);
    }
    write(context, "providers/main.yaml", provider, sizeof provider - 1);
    write(context, "README.md", readme, sizeof readme - 1);
    write(context, "writ.yaml", settings, sizeof settings - 1);
    free(team);
}

static long middle(long manifests) { return (manifests - 1) / TEAM / 2; }

void fleet_changed_tool(long manifests, fleet_file write, void *context) {
    struct team *team = new_team();
    open_team(team, middle(manifests), manifests, write, context);
    put_tool(team, 7, "Call it once. ");
    free(team);
}

void fleet_changed_prompt(long manifests, fleet_file write, void *context) {
    struct team *team = new_team();
    open_team(team, middle(manifests), manifests, write, context);
    put_instructions(team, 5, "Answer in one sentence.\n\n");
    free(team);
}
