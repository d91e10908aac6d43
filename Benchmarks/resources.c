#include "resources.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By kinds there is no way back to where one began, so every reference of the manifests is an edge of Terraform's graph.
   Only the label `team` stays a text: it is none to Writ either, and a team names its agents and users itself, so that
   as an expression it would be a cycle. */
static const struct {
    const char *kind, *field, *named;
} references[] = {
    {"Agent", "owner", "User"},     {"Agent", "model.provider", "Provider"},         {"Agent", "prompt", "Prompt"},
    {"Agent", "tools", "Tool"},     {"Trigger", "agent", "Agent"},                   {"Trigger", "deliver", "Channel"},
    {"Team", "owner", "User"},      {"Trigger", "webhook.repository", "Repository"}, {"Team", "members", "User"},
    {"Team", "agents", "Agent"},
};

/* Elsewhere a mapping with `file` may be a secret. */
static const char *const including[] = {"persona", "systemPrompt"};

static struct resource *list;
static size_t total;

static void fail(const char *what, const char *where) {
    fprintf(stderr, "resources: %s: %s\n", where, what);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) fail("no memory", "a list");
    return memory;
}

static char *make_label(const char *kind, const char *name) {
    char *label = allocate(strlen(kind) + strlen(name) + 2, 1);
    sprintf(label, "%s_%s", kind, name);
    for (char *at = label; *at; at++) *at = *at == '-' ? '_' : (char)tolower((unsigned char)*at);
    return label;
}

static int by_label(const void *one, const void *other) {
    return strcmp(((const struct resource *)one)->label, ((const struct resource *)other)->label);
}

static const char *named_kind(const struct resource *resource, const char *field) {
    for (size_t index = 0; index < sizeof references / sizeof *references; index++) {
        if (strcmp(references[index].kind, resource->kind) == 0 && strcmp(references[index].field, field) == 0)
            return references[index].named;
    }
    return NULL;
}

const struct resource *resource_named(const struct resource *resource, const yaml_node_t *node, const char *field) {
    struct resource key = {.label = make_label(named_kind(resource, field), manifest_text(node))};
    struct resource *found = bsearch(&key, list, total, sizeof *list, by_label);
    if (!found) fail("it names what is not there", resource->label);
    free(key.label);
    return found;
}

static int is_number(const char *text) {
    text += *text == '-';
    if (!isdigit((unsigned char)*text) || (*text == '0' && isdigit((unsigned char)text[1]))) return 0;
    text += strspn(text, "0123456789");
    if (*text == '.' && isdigit((unsigned char)text[1])) text += 1 + strspn(text + 1, "0123456789");
    return !*text;
}

enum form resource_form(const struct resource *resource, const yaml_node_t *node, const char *field) {
    if (node->type == YAML_MAPPING_NODE) {
        for (size_t index = 0; index < sizeof including / sizeof *including; index++) {
            if (strcmp(including[index], field) == 0) return INCLUDED;
        }
        return OBJECT;
    }
    if (node->type == YAML_SEQUENCE_NODE) return LIST;
    if (named_kind(resource, field)) return NAME;
    const char *text = manifest_text(node);
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return TEXT;
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) return BOOLEAN;
    return is_number(text) ? NUMBER : TEXT;
}

void resource_field(char *field, size_t size, const char *outer, const char *key) {
    snprintf(field, size, "%s%s%s", outer, *outer ? "." : "", key);
}

static void find_names(struct resource *resource, const yaml_node_t *node, const char *field) {
    yaml_document_t *document = &resource->manifest.document;
    char inner[200];
    switch (resource_form(resource, node, field)) {
    case OBJECT:
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
            resource_field(inner, sizeof inner, field, manifest_text(yaml_document_get_node(document, pair->key)));
            find_names(resource, yaml_document_get_node(document, pair->value), inner);
        }
        break;
    case LIST:
        for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
            find_names(resource, yaml_document_get_node(document, *item), field);
        break;
    case NAME:
        resource->names = realloc(resource->names, (resource->name_count + 1) * sizeof *resource->names);
        if (!resource->names) fail("no memory", resource->label);
        resource->names[resource->name_count++] = (size_t)(resource_named(resource, node, field) - list);
        break;
    default: break;
    }
}

struct resource *resources_read(const char *repository, const char *revision, size_t *count) {
    struct manifest *manifests = manifests_read(repository, revision, &total);
    list = allocate(total, sizeof *list);
    for (size_t index = 0; index < total; index++) {
        struct resource *resource = &list[index];
        resource->manifest = manifests[index];
        const struct manifest *manifest = &resource->manifest;
        const yaml_node_t *top = yaml_document_get_root_node(&resource->manifest.document);
        resource->kind = manifest_text(manifest_field(manifest, top, "kind"));
        resource->metadata = manifest_field(manifest, top, "metadata");
        resource->spec = manifest_field(manifest, top, "spec");
        if (!resource->metadata || !resource->spec) fail("no metadata or no spec", manifest->directory);
        resource->label = make_label(resource->kind, manifest_text(manifest_field(manifest, resource->metadata, "name")));
    }
    free(manifests);
    qsort(list, total, sizeof *list, by_label);
    for (size_t index = 0; index < total; index++) find_names(&list[index], list[index].spec, "");
    *count = total;
    return list;
}

static int by_place(const void *one, const void *other) {
    size_t left = *(const size_t *)one, right = *(const size_t *)other;
    return (left > right) - (left < right);
}

const size_t *resource_dependencies(const struct resource *resource, size_t *count) {
    // For whom a resource was last found, and the resources found for this one; these are looked into in turn.
    static const struct resource **found_for;
    static size_t *found;
    if (!found) {
        found_for = allocate(total, sizeof *found_for);
        found = allocate(total, sizeof *found);
    }
    size_t used = 0, next = 0;
    for (const struct resource *at = resource; at; at = next < used ? &list[found[next++]] : NULL) {
        for (size_t index = 0; index < at->name_count; index++) {
            size_t place = at->names[index];
            if (found_for[place] == resource) continue;
            found_for[place] = resource;
            found[used++] = place;
        }
    }
    qsort(found, used, sizeof *found, by_place);
    *count = used;
    return found;
}
