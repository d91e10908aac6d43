/* Writes what a team would keep in Terraform instead of the manifests of a commit:

     terraform REPOSITORY REVISION DIRECTORY

   A `terraform_data` for each manifest, which has the metadata and the spec as its input: included files by `file(…)`,
   and what names another resource as an expression on that one. Beside it the state in which all of them are there,
   as Terraform records it, because applying takes minutes: `terraform plan` has nothing to do. */
#define _GNU_SOURCE
#include "resources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *directory;

static void fail(const char *what) {
    fprintf(stderr, "terraform: %s: %s\n", what, strerror(errno));
    exit(1);
}

static FILE *create(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        if (mkdir(path, 0777) && errno != EEXIST) fail(path);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    if (!file) fail(path);
    return file;
}

static void finish(FILE *file, const char *name) {
    if (ferror(file) || fclose(file)) fail(name);
}

static void indent(FILE *file, int depth) { fprintf(file, "%*s", 2 * depth, ""); }

/* What would begin an expression in a text of HCL is said twice. */
static void put_template(FILE *file, const char *text, int is_quoted) {
    for (; *text; text++) {
        if ((*text == '$' || *text == '%') && text[1] == '{') putc(*text, file);
        if (is_quoted && *text == '\n') {
            fputs("\\n", file);
            continue;
        }
        if (is_quoted && (*text == '"' || *text == '\\')) putc('\\', file);
        putc(*text, file);
    }
}

/* Several lines stand as they are. */
static void put_text(FILE *file, const char *text) {
    size_t length = strlen(text);
    int is_quoted = !length || text[length - 1] != '\n';
    fputs(is_quoted ? "\"" : "<<EOT\n", file);
    put_template(file, text, is_quoted);
    fputs(is_quoted ? "\"" : "EOT", file);
}

/* The same file is included by many: it is written once more each time, which changes nothing. */
static void put_included(FILE *file, const struct resource *resource, const yaml_node_t *node) {
    char path[400];
    const char *name = manifest_text(manifest_field(&resource->manifest, node, "file"));
    char *text = manifests_include(&resource->manifest, name, path, sizeof path);
    FILE *copy = create(path);
    fputs(text, copy);
    finish(copy, path);
    free(text);
    fprintf(file, "file(\"${path.module}/%s\")", path);
}

/* Every key of a manifest is an identifier of HCL too. */
static void put_value(
    FILE *file, const struct resource *resource, const yaml_node_t *node, const char *field, int depth) {
    yaml_document_t *document = (yaml_document_t *)&resource->manifest.document;
    char inner[200];
    switch (resource_form(resource, node, field)) {
    case OBJECT:
        fputs("{\n", file);
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
            const char *key = manifest_text(yaml_document_get_node(document, pair->key));
            indent(file, depth + 1);
            fprintf(file, "%s = ", key);
            resource_field(inner, sizeof inner, field, key);
            put_value(file, resource, yaml_document_get_node(document, pair->value), inner, depth + 1);
            putc('\n', file);
        }
        indent(file, depth);
        putc('}', file);
        break;
    case LIST:
        fputs("[\n", file);
        for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
            indent(file, depth + 1);
            put_value(file, resource, yaml_document_get_node(document, *item), field, depth + 1);
            fputs(",\n", file);
        }
        indent(file, depth);
        putc(']', file);
        break;
    case TEXT: put_text(file, manifest_text(node)); break;
    case NUMBER:
    case BOOLEAN: fputs(manifest_text(node), file); break;
    case INCLUDED: put_included(file, resource, node); break;
    case NAME:
        fprintf(file, "terraform_data.%s.output.metadata.name", resource_named(resource, node, field)->label);
        break;
    }
}

static void put_configuration(FILE *file, const struct resource *resource) {
    fprintf(file, "resource \"terraform_data\" \"%s\" {\n  input = {\n    metadata = ", resource->label);
    // The metadata is not part of the spec: nothing in it is a reference.
    put_value(file, resource, resource->metadata, "metadata", 2);
    fputs("\n    spec = ", file);
    put_value(file, resource, resource->spec, "", 2);
    fputs("\n  }\n}\n\n", file);
}

static void put_json_text(FILE *file, const char *text) {
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') putc('\\', file);
        if (*text == '\n') fputs("\\n", file);
        else if ((unsigned char)*text < ' ') fprintf(file, "\\u%04x", *text);
        else putc(*text, file);
    }
    putc('"', file);
}

static void put_json_included(FILE *file, const struct resource *resource, const yaml_node_t *node) {
    char path[400];
    const char *name = manifest_text(manifest_field(&resource->manifest, node, "file"));
    char *text = manifests_include(&resource->manifest, name, path, sizeof path);
    put_json_text(file, text);
    free(text);
}

/* The value as JSON, or its type as the library cty of Terraform writes it. */
static void put_json(
    FILE *file, const struct resource *resource, const yaml_node_t *node, const char *field, int is_type) {
    yaml_document_t *document = (yaml_document_t *)&resource->manifest.document;
    char inner[200];
    enum form form = resource_form(resource, node, field);
    if (is_type && form != OBJECT && form != LIST) {
        fputs(form == NUMBER ? "\"number\"" : form == BOOLEAN ? "\"bool\"" : "\"string\"", file);
        return;
    }
    switch (form) {
    case OBJECT:
        fputs(is_type ? "[\"object\",{" : "{", file);
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
            const char *key = manifest_text(yaml_document_get_node(document, pair->key));
            if (pair > node->data.mapping.pairs.start) putc(',', file);
            put_json_text(file, key);
            putc(':', file);
            resource_field(inner, sizeof inner, field, key);
            put_json(file, resource, yaml_document_get_node(document, pair->value), inner, is_type);
        }
        fputs(is_type ? "}]" : "}", file);
        break;
    case LIST:
        fputs(is_type ? "[\"tuple\",[" : "[", file);
        for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
            if (item > node->data.sequence.items.start) putc(',', file);
            put_json(file, resource, yaml_document_get_node(document, *item), field, is_type);
        }
        fputs(is_type ? "]]" : "]", file);
        break;
    case TEXT:
    case NAME: put_json_text(file, manifest_text(node)); break;
    case NUMBER:
    case BOOLEAN: fputs(manifest_text(node), file); break;
    case INCLUDED: put_json_included(file, resource, node); break;
    }
}

static void put_attribute(FILE *file, const char *name, const struct resource *resource) {
    fprintf(file, "\"%s\":{\"value\":{\"metadata\":", name);
    put_json(file, resource, resource->metadata, "metadata", 0);
    fputs(",\"spec\":", file);
    put_json(file, resource, resource->spec, "", 0);
    fputs("},\"type\":[\"object\",{\"metadata\":", file);
    put_json(file, resource, resource->metadata, "metadata", 1);
    fputs(",\"spec\":", file);
    put_json(file, resource, resource->spec, "", 1);
    fputs("}]},", file);
}

static void put_state(FILE *file, const struct resource *list, size_t index) {
    const struct resource *resource = &list[index];
    size_t count;
    const size_t *dependencies = resource_dependencies(resource, &count);
    fprintf(file, "%s\n{\"mode\":\"managed\",\"type\":\"terraform_data\",\"name\":\"%s\",", index ? "," : "",
        resource->label);
    fprintf(file, "\"provider\":\"provider[\\\"terraform.io/builtin/terraform\\\"]\",\"instances\":[{"
                  "\"schema_version\":0,\"attributes\":{\"id\":\"%08zx-0000-4000-8000-000000000000\",",
        index);
    put_attribute(file, "input", resource);
    put_attribute(file, "output", resource);
    fputs("\"triggers_replace\":null},\"sensitive_attributes\":[]", file);
    for (size_t place = 0; place < count; place++)
        fprintf(file, "%s\"terraform_data.%s\"", place ? "," : ",\"dependencies\":[", list[dependencies[place]].label);
    fputs(count ? "]}]}" : "}]}", file);
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: terraform REPOSITORY REVISION DIRECTORY\n");
        return 1;
    }
    directory = arguments[3];
    size_t total;
    const struct resource *list = resources_read(arguments[1], arguments[2], &total);
    FILE *configuration = create("main.tf");
    for (size_t index = 0; index < total; index++) put_configuration(configuration, &list[index]);
    finish(configuration, "main.tf");
    FILE *state = create("terraform.tfstate");
    // 1.4 is the first version that has terraform_data.
    fputs("{\"version\":4,\"terraform_version\":\"1.4.0\",\"serial\":1,\"lineage\":\"bench\",\"outputs\":{},"
          "\"resources\":[",
        state);
    for (size_t index = 0; index < total; index++) put_state(state, list, index);
    fputs("\n],\"check_results\":null}\n", state);
    finish(state, "terraform.tfstate");
    return 0;
}
