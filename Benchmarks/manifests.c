#define _GNU_SOURCE
#include "manifests.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static git_repository *repository;
static git_tree *root;
static struct manifest *list;
static size_t used, room;

static void check(int status, const char *what) {
    if (status >= 0) return;
    const git_error *error = git_error_last();
    fprintf(stderr, "manifests: %s: %s\n", what, error ? error->message : "?");
    exit(1);
}

static void fail(const char *what, const char *where) {
    fprintf(stderr, "manifests: %s: %s\n", where, what);
    exit(1);
}

static void add(const char *directory, yaml_document_t document) {
    if (used == room) {
        room = room ? 2 * room : 1024;
        list = realloc(list, room * sizeof *list);
        if (!list) fail("no memory", directory);
    }
    list[used++] = (struct manifest){.directory = directory, .document = document};
}

/* A file may hold several. */
static void parse(const char *directory, const char *file, const void *text, size_t length) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) fail("no memory", file);
    yaml_parser_set_input_string(&parser, text, length);
    for (;;) {
        yaml_document_t document;
        if (!yaml_parser_load(&parser, &document)) fail(parser.problem, file);
        if (!yaml_document_get_root_node(&document)) {
            yaml_document_delete(&document);
            break;
        }
        add(directory, document);
    }
    yaml_parser_delete(&parser);
}

static int is_manifest(const char *name) {
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0 && strcmp(name, "writ.yaml") != 0;
}

static void read_tree(git_tree *tree, const char *directory) {
    for (size_t index = 0; index < git_tree_entrycount(tree); index++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, index);
        const char *name = git_tree_entry_name(entry);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            git_tree *inner;
            // Kept: the manifests in it point to it.
            char *path = malloc(strlen(directory) + strlen(name) + 2);
            if (!path) fail("no memory", name);
            sprintf(path, "%s%s%s", directory, *directory ? "/" : "", name);
            check(git_tree_lookup(&inner, repository, git_tree_entry_id(entry)), path);
            read_tree(inner, path);
            git_tree_free(inner);
        } else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && is_manifest(name)) {
            git_blob *blob;
            check(git_blob_lookup(&blob, repository, git_tree_entry_id(entry)), name);
            parse(directory, name, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
            git_blob_free(blob);
        }
    }
}

struct manifest *manifests_read(const char *place, const char *revision, size_t *count) {
    git_object *object, *tree;
    git_libgit2_init();
    check(git_repository_open(&repository, place), place);
    check(git_revparse_single(&object, repository, revision), revision);
    check(git_object_peel(&tree, object, GIT_OBJECT_TREE), revision);
    git_object_free(object);
    root = (git_tree *)tree;
    read_tree(root, "");
    *count = used;
    return list;
}

char *manifests_include(const struct manifest *manifest, const char *file, char *path, size_t size) {
    char directory[300];
    snprintf(directory, sizeof directory, "%s", manifest->directory);
    while (strncmp(file, "../", 3) == 0) {
        char *slash = strrchr(directory, '/');
        *(slash ? slash : directory) = 0;
        file += 3;
    }
    if ((size_t)snprintf(path, size, "%s%s%s", directory, *directory ? "/" : "", file) >= size) fail("too long", file);
    git_tree_entry *entry;
    git_blob *blob;
    check(git_tree_entry_bypath(&entry, root, path), path);
    check(git_blob_lookup(&blob, repository, git_tree_entry_id(entry)), path);
    char *text = strndup(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    if (!text) fail("no memory", path);
    git_blob_free(blob);
    git_tree_entry_free(entry);
    return text;
}

const char *manifest_text(const yaml_node_t *scalar) {
    if (!scalar || scalar->type != YAML_SCALAR_NODE) fail("a text is missing", "a manifest");
    return (const char *)scalar->data.scalar.value;
}

yaml_node_t *manifest_field(const struct manifest *manifest, const yaml_node_t *mapping, const char *key) {
    yaml_document_t *document = (yaml_document_t *)&manifest->document;
    if (!mapping || mapping->type != YAML_MAPPING_NODE) return NULL;
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top; pair++) {
        if (strcmp(manifest_text(yaml_document_get_node(document, pair->key)), key) == 0)
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}
