/* The manifests of a commit, each as libyaml's document, and the texts that they include. */
#ifndef MANIFESTS_H
#define MANIFESTS_H

#include <stddef.h>
#include <yaml.h>

struct manifest {
    /* Of its file, from the root of the repository. */
    const char *directory;
    yaml_document_t document;
};

/* All of them, file by file. A second commit cannot be read: the repository stays open for what they include. */
struct manifest *manifests_read(const char *repository, const char *revision, size_t *count);

/* The text of a file that a manifest includes, with a zero behind it; `path` becomes the way from the root. */
char *manifests_include(const struct manifest *manifest, const char *file, char *path, size_t size);

/* The value of a key of a mapping, or NULL. */
yaml_node_t *manifest_field(const struct manifest *manifest, const yaml_node_t *mapping, const char *key);

const char *manifest_text(const yaml_node_t *scalar);

#endif
