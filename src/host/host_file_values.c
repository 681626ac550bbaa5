/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "host/host_file_parts.h"

bool host_file_read_interface_name(const struct json_document *document, const cJSON *item, const char **name)
{
	if (!json_document_string(document, item, name))
		return false;
	if (!**name || strlen(*name) > TOPOLOGY_NAME_LEN || strchr(*name, '/') || strpbrk(*name, " \t\n"))
		return json_document_refuse(document, item, NULL, "an interface name has 1 to 15 characters and no space");
	return true;
}

bool host_file_read_address(const struct json_document *document, const cJSON *item, enum family *family,
			 struct address *address)
{
	const char *text;

	if (!json_document_string(document, item, &text))
		return false;
	return address_parse(text, strlen(text), family, address) ||
	       json_document_refuse(document, item, NULL, "\"%s\" is not an address", text);
}

bool host_file_join_family(const struct json_document *document, const cJSON *item, enum family family, enum family *joined)
{
	if (*joined != FAMILY_NONE && *joined != family)
		return json_document_refuse(document, item, NULL, "IPv4 and IPv6 are mixed here");
	*joined = family;
	return true;
}

bool host_file_read_prefix(const struct json_document *document, const cJSON *item, enum family *family,
			struct masked_address *prefix)
{
	enum family found;
	const char *text;

	if (!json_document_string(document, item, &text))
		return false;
	if (strcmp(text, "default") == 0 || strcmp(text, "all") == 0 || strcmp(text, "any") == 0)
		return true;
	if (!address_parse_masked(text, strlen(text), &found, prefix) || address_mask_prefix_len(found, &prefix->mask) < 0)
		return json_document_refuse(document, item, "e.g. 10.1.0.0/16, 2001:db8::/32, default",
					    "\"%s\" is not a prefix", text);
	return host_file_join_family(document, item, found, family);
}

bool host_file_read_table(const struct json_document *document, const cJSON *item, uint32_t *table)
{
	static const struct {
		const char *name;
		uint32_t id;
	} names[] = { { "main", TABLE_ID_MAIN }, { "local", TABLE_ID_LOCAL }, { "default", TABLE_ID_DEFAULT } };

	for (size_t i = 0; cJSON_IsString(item) && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(item->valuestring, names[i].name) == 0) {
			*table = names[i].id;
			return true;
		}
	if (cJSON_IsString(item) && (item->valuestring[0] < '0' || item->valuestring[0] > '9'))
		return json_document_refuse(document, item, "main, local, default, or a number",
					    "the table \"%s\" has no number here", item->valuestring);
	if (!json_document_number(document, item, UINT32_MAX, table))
		return false;
	return *table || json_document_refuse(document, item, NULL, "table 0 is none");
}

bool host_file_read_type(const struct json_document *document, const cJSON *item, enum route_type *type)
{
	const char *text;

	if (!json_document_string(document, item, &text))
		return false;
	for (int i = 0; i < ROUTE_TYPE_COUNT; i++)
		if (strcmp(fib_type_name((enum route_type)i), text) == 0) {
			*type = (enum route_type)i;
			return true;
		}
	return json_document_refuse(document, item, "unicast, local, broadcast, blackhole, unreachable, prohibit or throw",
				    "unknown type \"%s\"", text);
}

bool host_file_read_family(const struct json_document *document, const cJSON *item, enum family *family)
{
	const char *text;
	enum family found;

	if (!json_document_string(document, item, &text))
		return false;
	if (strcmp(text, "inet") == 0 || strcmp(text, "ipv4") == 0)
		found = FAMILY_IPV4;
	else if (strcmp(text, "inet6") == 0 || strcmp(text, "ipv6") == 0)
		found = FAMILY_IPV6;
	else
		return json_document_refuse(document, item, "inet or inet6", "unknown family \"%s\"", text);
	return host_file_join_family(document, item, found, family);
}

bool host_file_read_items(struct host_reader *reader, const struct json_document *document, const cJSON *list,
		       host_file_reader *read)
{
	const cJSON *item;
	bool is_ok = true;

	if (!cJSON_IsArray(list))
		return json_document_refuse(document, list, NULL, "expected a list: [ ... ]");
	cJSON_ArrayForEach(item, list)
		if (diag_has_room(document->diagnostics))
			is_ok &= read(reader, document, item);
	return is_ok;
}
