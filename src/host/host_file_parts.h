/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read a host description share: values, and the keys of each kind of object. Private. */
#ifndef HOST_HOST_FILE_PARTS_H
#define HOST_HOST_FILE_PARTS_H

#include "base/json_document.h"
#include "host/fib.h"
#include "host/sysctls.h"

/* A table of keys, as json_document_read() takes it. */
#define KEYS(keys) keys, sizeof(keys) / sizeof(keys[0])

/* What is read: the whole host, and the object that is being read. */
struct host_reader {
	const struct sysctls *sysctls;
	struct topology *topology;
	struct interface *interface;
	struct address_item {
		enum family family;
		struct address address;
		uint32_t prefix_len;
		bool has_address, has_prefix_len;
	} address;
	struct route route;
	const cJSON *next_hops;		/* of the route, or NULL */
	struct policy_rule rule;
	bool is_idle_rule;		/* the rule matches nothing, or does nothing */
	struct joined_group group;
};

typedef bool host_file_reader(struct host_reader *reader, const struct json_document *document, const cJSON *item);

/* Values; false after an error. */
bool host_file_read_interface_name(const struct json_document *document, const cJSON *item, const char **name);
bool host_file_read_address(const struct json_document *document, const cJSON *item, enum family *family,
			    struct address *address);
bool host_file_read_family(const struct json_document *document, const cJSON *item, enum family *family);
bool host_file_read_table(const struct json_document *document, const cJSON *item, uint32_t *table);
bool host_file_read_type(const struct json_document *document, const cJSON *item, enum route_type *type);

/* "10.0.0.0/8"; "default", "all" and "any" leave prefix and family as they are. */
bool host_file_read_prefix(const struct json_document *document, const cJSON *item, enum family *family,
			   struct masked_address *prefix);

/* The families of what belongs together: the first that is known counts. */
bool host_file_join_family(const struct json_document *document, const cJSON *item, enum family family,
			   enum family *joined);

/* Each item of a list. */
bool host_file_read_items(struct host_reader *reader, const struct json_document *document, const cJSON *list,
			  host_file_reader *read);

/* The lists of a host file. */
bool host_file_store_interfaces(void *target, const struct json_document *document, const cJSON *item);
bool host_file_store_routes(void *target, const struct json_document *document, const cJSON *item);
bool host_file_store_rules(void *target, const struct json_document *document, const cJSON *item);

#endif
