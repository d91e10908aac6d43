/* Writes the repositories that are measured: generate COUNT LOOSE PACKED makes two bare ones with the same objects, loose
   in the one and in a pack in the other. Branches: `base`, and on top of it `main` (one tool changed) and `prompt` (one
   included file changed). */
#include "fleet.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8 };

static void check(int status, const char *what) {
    if (status >= 0) return;
    const git_error *error = git_error_last();
    fprintf(stderr, "generate: %s: %s\n", what, error ? error->message : "?");
    exit(1);
}

/* The directories that are open, from the root; files come in the order of directories. */
struct writer {
    git_repository *repository;
    git_treebuilder *builders[DEPTH];
    char names[DEPTH][80];
    int depth;
};

static void open_directory(struct writer *writer, const char *name) {
    if (writer->depth >= DEPTH - 1 || strlen(name) >= sizeof *writer->names) exit(1);
    writer->depth++;
    strcpy(writer->names[writer->depth], name);
    check(git_treebuilder_new(&writer->builders[writer->depth], writer->repository, NULL), "a directory");
}

static void close_directory(struct writer *writer) {
    git_oid id;
    check(git_treebuilder_write(&id, writer->builders[writer->depth]), "writing a tree");
    git_treebuilder_free(writer->builders[writer->depth]);
    writer->depth--;
    check(
        git_treebuilder_insert(
            NULL, writer->builders[writer->depth], writer->names[writer->depth + 1], &id, GIT_FILEMODE_TREE),
        "a directory's entry");
}

static void write_file(void *context, const char *path, const char *text, size_t length) {
    struct writer *writer = context;
    char copy[300];
    snprintf(copy, sizeof copy, "%s", path);
    int depth = 0;
    char *name = copy;
    for (char *slash; (slash = strchr(name, '/')); name = slash + 1) {
        *slash = 0;
        depth++;
        if (depth <= writer->depth && strcmp(writer->names[depth], name) == 0) continue;
        while (writer->depth >= depth) close_directory(writer);
        open_directory(writer, name);
    }
    while (writer->depth > depth) close_directory(writer);
    git_oid id;
    check(git_blob_create_from_buffer(&id, writer->repository, text, length), "writing a file");
    check(git_treebuilder_insert(NULL, writer->builders[depth], name, &id, GIT_FILEMODE_BLOB), "a file's entry");
}

static git_oid commit(git_repository *repository, const char *branch, const char *message, git_tree *tree, git_commit *parent) {
    char reference[100];
    git_oid id;
    git_signature *author;
    const git_commit *parents[] = {parent};
    snprintf(reference, sizeof reference, "refs/heads/%s", branch);
    check(git_signature_new(&author, "Ada Example", "ada@example.com", 1767225600 + (parent ? 60 : 0), 0), "an author");
    check(
        git_commit_create(&id, repository, reference, author, author, NULL, message, tree, parent ? 1 : 0, parents),
        "committing");
    git_signature_free(author);
    return id;
}

/* One file put in the place of another. */
struct edit {
    git_repository *repository;
    git_tree *base;
    git_oid tree;
};

static void edit_file(void *context, const char *path, const char *text, size_t length) {
    struct edit *edit = context;
    git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_BLOB, .path = path};
    git_tree_entry *entry;
    check(git_tree_entry_bypath(&entry, edit->base, path), "finding the file to change");
    git_tree_entry_free(entry);
    check(git_blob_create_from_buffer(&update.id, edit->repository, text, length), "writing a file");
    check(git_tree_create_updated(&edit->tree, edit->repository, edit->base, 1, &update), "changing a tree");
}

static void commit_edit(
    git_repository *repository, git_commit *base, long count, const char *branch,
    void (*change)(long, fleet_file, void *)) {
    struct edit edit = {.repository = repository};
    git_tree *tree;
    check(git_commit_tree(&edit.base, base), "reading the first tree");
    change(count, edit_file, &edit);
    check(git_tree_lookup(&tree, repository, &edit.tree), "reading the changed tree");
    commit(repository, branch, "Change one file\n", tree, base);
    git_tree_free(tree);
    git_tree_free(edit.base);
}

static git_repository *create(const char *path) {
    git_repository *repository;
    git_repository_init_options options;
    check(git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION), "options");
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    options.initial_head = "main";
    check(git_repository_init_ext(&repository, path, &options), path);
    return repository;
}

static git_repository *write_loose(const char *path, long count) {
    struct writer writer = {.repository = create(path)};
    git_oid id;
    git_tree *tree;
    git_commit *base;
    check(git_treebuilder_new(&writer.builders[0], writer.repository, NULL), "the root");
    fleet_write(count, write_file, &writer);
    while (writer.depth > 0) close_directory(&writer);
    check(git_treebuilder_write(&id, writer.builders[0]), "writing the root");
    git_treebuilder_free(writer.builders[0]);
    check(git_tree_lookup(&tree, writer.repository, &id), "reading the root");
    id = commit(writer.repository, "base", "Begin\n", tree, NULL);
    git_tree_free(tree);
    check(git_commit_lookup(&base, writer.repository, &id), "reading the first commit");
    commit_edit(writer.repository, base, count, "main", fleet_changed_tool);
    commit_edit(writer.repository, base, count, "prompt", fleet_changed_prompt);
    git_commit_free(base);
    return writer.repository;
}

static void write_packed(git_repository *loose, const char *path) {
    static const char *const branches[] = {"base", "main", "prompt"};
    git_repository *packed = create(path);
    git_packbuilder *builder;
    char directory[4096];
    snprintf(directory, sizeof directory, "%sobjects/pack", git_repository_path(packed));
    check(git_packbuilder_new(&builder, loose), "packing");
    git_packbuilder_set_threads(builder, 0);
    git_oid ids[3];
    char names[3][100];
    for (int index = 0; index < 3; index++) {
        snprintf(names[index], sizeof names[index], "refs/heads/%s", branches[index]);
        check(git_reference_name_to_id(&ids[index], loose, names[index]), "finding a branch");
        check(git_packbuilder_insert_recur(builder, &ids[index], NULL), "packing a commit");
    }
    check(git_packbuilder_write(builder, directory, 0, NULL, NULL), "writing the pack");
    git_packbuilder_free(builder);
    git_repository_free(packed);
    // Opened again: the pack was not there before.
    check(git_repository_open_bare(&packed, path), "opening the packed repository");
    for (int index = 0; index < 3; index++) {
        git_reference *reference;
        check(git_reference_create(&reference, packed, names[index], &ids[index], 1, "branch"), "making a branch");
        git_reference_free(reference);
    }
    git_repository_free(packed);
}

int main(int count, char **arguments) {
    long manifests = count == 4 ? strtol(arguments[1], NULL, 10) : 0;
    if (manifests < 100 || manifests > 1000000) {
        fprintf(stderr, "usage: generate COUNT LOOSE PACKED, with a count from 100 to 1000000\n");
        return 1;
    }
    git_libgit2_init();
    git_repository *loose = write_loose(arguments[2], manifests);
    write_packed(loose, arguments[3]);
    git_repository_free(loose);
    git_libgit2_shutdown();
    return 0;
}
