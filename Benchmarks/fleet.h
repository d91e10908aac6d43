/* The files of a fleet of agents as teams keep them: the same for the same number, on every machine. */
#ifndef FLEET_H
#define FLEET_H

#include <stddef.h>

/* Is given each file, directory by directory: a directory's files come one after the other. */
typedef void (*fleet_file)(void *context, const char *path, const char *text, size_t length);

/* Makes `manifests` manifests, and what they include. A team has a hundred: 30 agents, 24 tools, 30 triggers, 4
   prompts, 3 channels, 7 users, itself and its repository. */
void fleet_write(long manifests, fleet_file write, void *context);

/* The path and the text of one tool in the middle of the fleet, with another sentence in its description. */
void fleet_changed_tool(long manifests, fleet_file write, void *context);

/* The same for the file that holds the instructions of one agent. */
void fleet_changed_prompt(long manifests, fleet_file write, void *context);

#endif
