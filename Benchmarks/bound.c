/* What nobody can be faster than with the same libraries, single-threaded:

     bound read REPOSITORY REVISION     libgit2 reads every manifest of a commit, and libyaml tells its events
     bound walk REPOSITORY OLD NEW      the trees of two commits side by side, equal ones never opened */
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static git_repository *repository;
static git_odb *objects;
static long trees, files, bytes, documents, events;

static void check(int status, const char *what) {
    if (status >= 0) return;
    const git_error *error = git_error_last();
    fprintf(stderr, "bound: %s: %s\n", what, error ? error->message : "?");
    exit(1);
}

static git_tree *root(const char *revision) {
    git_object *object;
    git_object *tree;
    check(git_revparse_single(&object, repository, revision), revision);
    check(git_object_peel(&tree, object, GIT_OBJECT_TREE), revision);
    git_object_free(object);
    return (git_tree *)tree;
}

static git_tree *open_tree(const git_oid *id) {
    git_tree *tree;
    check(git_tree_lookup(&tree, repository, id), "reading a tree");
    trees++;
    return tree;
}

static void parse(const void *text, size_t length) {
    yaml_parser_t parser;
    yaml_event_t event;
    if (!yaml_parser_initialize(&parser)) exit(1);
    yaml_parser_set_input_string(&parser, text, length);
    for (int done = 0; !done;) {
        if (!yaml_parser_parse(&parser, &event)) {
            fprintf(stderr, "bound: %s\n", parser.problem);
            exit(1);
        }
        events++;
        if (event.type == YAML_DOCUMENT_START_EVENT) documents++;
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

static int is_manifest(const char *name) {
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0 && strcmp(name, "writ.yaml") != 0;
}

static void read_tree(git_tree *tree) {
    size_t count = git_tree_entrycount(tree);
    for (size_t index = 0; index < count; index++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, index);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            git_tree *inner = open_tree(git_tree_entry_id(entry));
            read_tree(inner);
            git_tree_free(inner);
        } else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && is_manifest(git_tree_entry_name(entry))) {
            git_odb_object *object;
            check(git_odb_read(&object, objects, git_tree_entry_id(entry)), "reading a file");
            files++;
            bytes += (long)git_odb_object_size(object);
            parse(git_odb_object_data(object), git_odb_object_size(object));
            git_odb_object_free(object);
        }
    }
}

static void compare(git_tree *old, git_tree *new);

static void compare_entries(const git_tree_entry *old, const git_tree_entry *new) {
    if (old && new && git_oid_equal(git_tree_entry_id(old), git_tree_entry_id(new))) return;
    int is_old_tree = old && git_tree_entry_type(old) == GIT_OBJECT_TREE;
    int is_new_tree = new && git_tree_entry_type(new) == GIT_OBJECT_TREE;
    if (!is_old_tree && !is_new_tree) {
        files++;
        return;
    }
    git_tree *left = is_old_tree ? open_tree(git_tree_entry_id(old)) : NULL;
    git_tree *right = is_new_tree ? open_tree(git_tree_entry_id(new)) : NULL;
    compare(left, right);
    git_tree_free(left);
    git_tree_free(right);
}

static void compare(git_tree *old, git_tree *new) {
    size_t left = 0, right = 0;
    size_t left_end = old ? git_tree_entrycount(old) : 0, right_end = new ? git_tree_entrycount(new) : 0;
    while (left < left_end || right < right_end) {
        const git_tree_entry *one = left < left_end ? git_tree_entry_byindex(old, left) : NULL;
        const git_tree_entry *other = right < right_end ? git_tree_entry_byindex(new, right) : NULL;
        int order = !one ? 1 : !other ? -1 : git_tree_entry_cmp(one, other);
        compare_entries(order <= 0 ? one : NULL, order >= 0 ? other : NULL);
        left += order <= 0;
        right += order >= 0;
    }
}

int main(int count, char **arguments) {
    int reads = count == 4 && strcmp(arguments[1], "read") == 0;
    int walks = count == 5 && strcmp(arguments[1], "walk") == 0;
    if (!reads && !walks) {
        fprintf(stderr, "usage: bound read REPOSITORY REVISION | bound walk REPOSITORY OLD NEW\n");
        return 1;
    }
    git_libgit2_init();
    check(git_repository_open(&repository, arguments[2]), arguments[2]);
    check(git_repository_odb(&objects, repository), "opening the objects");
    git_tree *first = root(arguments[3]);
    if (reads) {
        read_tree(first);
    } else {
        git_tree *second = root(arguments[4]);
        compare(first, second);
        git_tree_free(second);
    }
    git_tree_free(first);
    printf("%ld trees, %ld files, %ld bytes, %ld documents, %ld events\n", trees, files, bytes, documents, events);
    git_odb_free(objects);
    git_repository_free(repository);
    git_libgit2_shutdown();
    return 0;
}
