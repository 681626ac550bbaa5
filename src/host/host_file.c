/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/host_file.h"

#include <stdio.h>

#include "host/host_file_parts.h"

static bool store_group(void *target, const struct json_document *document, const cJSON *item)
{
	struct joined_group *group = &((struct host_reader *)target)->group;

	if (!host_file_read_address(document, item, &group->family, &group->group))
		return false;
	return address_is_multicast(group->family, &group->group) ||
	       json_document_refuse(document, item, NULL, "this is no multicast group");
}

static bool store_group_interface(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->group.interface);
}

static const struct json_key group_keys[] = {
	{ "group", store_group },
	{ "dev", store_group_interface },
};

static bool read_group(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	reader->group = (struct joined_group){ .family = FAMILY_NONE };
	if (cJSON_IsString(item) ? !store_group(reader, document, item)
				 : !json_document_read(document, item, KEYS(group_keys), reader))
		return false;
	if (reader->group.family == FAMILY_NONE)
		return json_document_refuse(document, item, NULL, "\"group\" is missing");
	topology_add_group(reader->topology, &reader->group);
	return true;
}

static bool store_groups(void *target, const struct json_document *document, const cJSON *item)
{
	struct host_reader *reader = target;

	reader->topology->knows_groups = true;
	return host_file_read_items(reader, document, item, read_group);
}

static bool set_sysctl(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	const char *nearest;
	struct text problem, hint;
	char value[16];
	uint32_t number;
	bool is_ok;

	if (!json_document_number(document, item, UINT32_MAX, &number))
		return false;
	snprintf(value, sizeof(value), "%u", (unsigned)number);
	text_init(&problem);
	text_init(&hint);
	is_ok = sysctls_set(reader->sysctls, item->string, value, &problem, &nearest);
	if (!is_ok && nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	if (!is_ok)
		diag_error(document->diagnostics, json_document_key(document, item), nearest ? text_string(&hint) : NULL,
			   "%s", text_string(&problem));
	text_clear(&problem);
	text_clear(&hint);
	return is_ok;
}

static bool store_sysctls(void *target, const struct json_document *document, const cJSON *item)
{
	const cJSON *sysctl;
	bool is_ok = true;

	if (!cJSON_IsObject(item))
		return json_document_refuse(document, item, NULL, "expected an object: { \"net.ipv4.ip_forward\": 1 }");
	cJSON_ArrayForEach(sysctl, item)
		if (diag_has_room(document->diagnostics))
			is_ok &= set_sysctl(target, document, sysctl);
	return is_ok;
}

/* Interfaces come first whatever the order in the file: gateways and settings refer to them. */
static const struct json_key host_keys[] = {
	{ "interfaces", NULL },
	{ "routes", host_file_store_routes },
	{ "rules", host_file_store_rules },
	{ "groups", store_groups },
	{ "sysctls", store_sysctls },
};

bool host_file_read(const struct sysctls *sysctls, const struct source *source, struct diagnostics *diagnostics)
{
	struct host_reader reader = { .sysctls = sysctls, .topology = sysctls->topology };
	struct json_document document;
	const cJSON *interfaces;
	bool is_ok;

	reader.topology->is_described = true;
	is_ok = json_document_parse(&document, source, diagnostics);
	if (is_ok) {
		interfaces = cJSON_GetObjectItemCaseSensitive(document.root, "interfaces");
		if (interfaces)
			is_ok = host_file_store_interfaces(&reader, &document, interfaces);
		is_ok &= json_document_read(&document, document.root, KEYS(host_keys), &reader);
	}
	json_document_clear(&document);
	return is_ok;
}
