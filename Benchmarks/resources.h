/* The Terraform resources that stand for manifests, and which value of one is the name of another. */
#ifndef RESOURCES_H
#define RESOURCES_H

#include "manifests.h"

struct resource {
    struct manifest manifest;
    const char *kind;
    /* As in `agent_billing_0000_triage_00`; behind `terraform_data.` it is the address. */
    char *label;
    /* The metadata and the spec, which are what Terraform is given. */
    const yaml_node_t *metadata, *spec;
    /* What it names itself, by their places in the list. */
    size_t *names;
    size_t name_count;
};

/* In the order of their labels. */
struct resource *resources_read(const char *repository, const char *revision, size_t *count);

enum form {
    OBJECT,
    LIST,
    TEXT,
    /* A number or a boolean, the same in YAML, HCL and JSON. */
    NUMBER,
    BOOLEAN,
    /* The text of a file. */
    INCLUDED,
    /* The name of another resource. */
    NAME,
};

/* What a value is; `field` is the way to it below the spec, as in `model.provider`, of an item that of its list. */
enum form resource_form(const struct resource *resource, const yaml_node_t *node, const char *field);

/* The resource that a value with the form NAME names. */
const struct resource *resource_named(const struct resource *resource, const yaml_node_t *node, const char *field);

/* The way to the value of a key. */
void resource_field(char *field, size_t size, const char *outer, const char *key);

/* Everything that a resource depends on, directly or not, in the order of labels: Terraform records all of it.
   Valid until the next call. */
const size_t *resource_dependencies(const struct resource *resource, size_t *count);

#endif
