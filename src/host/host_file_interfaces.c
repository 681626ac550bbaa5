/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "host/host_file_parts.h"

static bool store_name(void *target, const struct json_document *document, const cJSON *item)
{
	const char *name;

	(void)target;	/* read_interface() has taken it before the other keys */
	return host_file_read_interface_name(document, item, &name);
}

static bool store_mac(void *target, const struct json_document *document, const cJSON *item)
{
	struct interface *interface = ((struct host_reader *)target)->interface;
	unsigned byte[6];
	const char *text;
	char rest;

	if (!json_document_string(document, item, &text))
		return false;
	if (strlen(text) != 17 || sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &byte[0], &byte[1], &byte[2], &byte[3],
					 &byte[4], &byte[5], &rest) != 6)
		return json_document_refuse(document, item, "e.g. 52:54:00:12:34:56", "\"%s\" is no MAC address", text);
	for (size_t i = 0; i < 6; i++)
		interface->mac[i] = (uint8_t)byte[i];
	interface->has_mac = true;
	return true;
}

static bool store_mtu(void *target, const struct json_document *document, const cJSON *item)
{
	struct interface *interface = ((struct host_reader *)target)->interface;

	if (!json_document_number(document, item, UINT32_MAX, &interface->mtu))
		return false;
	return interface->mtu >= 68 ||
	       json_document_refuse(document, item, NULL, "an MTU is at least 68: shorter links carry no IPv4");
}

static bool store_local(void *target, const struct json_document *document, const cJSON *item)
{
	struct address_item *address = &((struct host_reader *)target)->address;

	address->has_address = true;
	return host_file_read_address(document, item, &address->family, &address->address);
}

static bool store_prefix_len(void *target, const struct json_document *document, const cJSON *item)
{
	struct address_item *address = &((struct host_reader *)target)->address;

	address->has_prefix_len = true;
	return json_document_number(document, item, 128, &address->prefix_len);
}

/* As `ip -j address` prints them. */
static const struct json_key address_keys[] = {
	{ "local", store_local },	{ "prefixlen", store_prefix_len },
	{ "family", NULL },		{ "broadcast", NULL },
	{ "scope", NULL },		{ "label", NULL },
	{ "dynamic", NULL },		{ "noprefixroute", NULL },
	{ "mngtmpaddr", NULL },		{ "temporary", NULL },
	{ "deprecated", NULL },		{ "tentative", NULL },
	{ "nodad", NULL },		{ "secondary", NULL },
	{ "protocol", NULL },		{ "metric", NULL },
	{ "address", NULL },		{ "valid_life_time", NULL },
	{ "preferred_life_time", NULL }, { "stable-privacy", NULL },
};

static bool read_plain_address(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct address_item *address = &reader->address;
	const char *slash = strchr(item->valuestring, '/');
	size_t len = slash ? (size_t)(slash - item->valuestring) : strlen(item->valuestring);
	struct masked_address masked;
	enum family family;
	int prefix_len;

	if (!address_parse(item->valuestring, len, &address->family, &address->address))
		return json_document_refuse(document, item, "e.g. 192.168.1.1/24", "\"%s\" is not an address",
					    item->valuestring);
	address->has_address = true;
	if (!slash)
		return true;
	if (!address_parse_masked(item->valuestring, strlen(item->valuestring), &family, &masked) ||
	    (prefix_len = address_mask_prefix_len(family, &masked.mask)) < 0)
		return json_document_refuse(document, item, NULL, "\"%s\": bad prefix length", item->valuestring);
	address->prefix_len = (uint32_t)prefix_len;
	address->has_prefix_len = true;
	return true;
}

static bool read_one_address(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct address_item *address = &reader->address;
	unsigned bits;

	*address = (struct address_item){ .family = FAMILY_NONE };
	if (cJSON_IsString(item) ? !read_plain_address(reader, document, item)
				 : !json_document_read(document, item, KEYS(address_keys), reader))
		return false;
	if (!address->has_address)
		return json_document_refuse(document, item, NULL, "an address is missing here");
	bits = topology_family_bits(address->family);
	if (!address->has_prefix_len)
		address->prefix_len = bits;
	if (address->prefix_len > bits)
		return json_document_refuse(document, item, NULL, "an IPv4 prefix has at most 32 bits");
	/* lo has 127.0.0.1 and ::1 of its own. */
	if (!address_is_loopback(address->family, &address->address))
		topology_add_address(reader->topology, address->family, &address->address, address->prefix_len,
				     reader->interface->name);
	return true;
}

static bool store_addresses(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_one_address);
}

/* rp_filter, forwarding and the like may stand with the interface that they are of. */
static bool store_setting(void *target, const struct json_document *document, const cJSON *item)
{
	struct host_reader *reader = target;
	char name[64];
	const char *problem;
	uint32_t value;

	if (cJSON_IsBool(item))
		value = cJSON_IsTrue(item);
	else if (!json_document_number(document, item, UINT32_MAX, &value))
		return false;
	snprintf(name, sizeof(name), "net.ipv4.conf.%s.%s", reader->interface->name, item->string);
	problem = host_settings_set(reader->topology, name, value);
	return !problem || json_document_refuse(document, item, NULL, "%s: %s", item->string, problem);
}

/* Names first: ours, then those of `ip -j address`. */
static const struct json_key interface_keys[] = {
	{ "name", store_name },		{ "addresses", store_addresses },
	{ "mac", store_mac },		{ "mtu", store_mtu },
	{ "forwarding", store_setting }, { "rp_filter", store_setting },
	{ "accept_local", store_setting }, { "route_localnet", store_setting },
	{ "src_valid_mark", store_setting },
	{ "ifname", store_name },	{ "addr_info", store_addresses },
	{ "address", NULL },		{ "ifindex", NULL },
	{ "flags", NULL },		{ "qdisc", NULL },
	{ "operstate", NULL },		{ "group", NULL },
	{ "txqlen", NULL },		{ "link_type", NULL },
	{ "broadcast", NULL },		{ "link", NULL },
	{ "link_index", NULL },		{ "link_netnsid", NULL },
	{ "master", NULL },		{ "linkmode", NULL },
	{ "permaddr", NULL },		{ "altnames", NULL },
	{ "promiscuity", NULL },	{ "link_pointtopoint", NULL },
	{ "min_mtu", NULL },		{ "max_mtu", NULL },
};

/* The MAC address of an Ethernet interface as `ip -j address` prints it: of lo and tunnels it is something else. */
static void take_listed_mac(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(item, "link_type");
	const cJSON *mac = cJSON_GetObjectItemCaseSensitive(item, "address");

	if (cJSON_IsString(type) && strcmp(type->valuestring, "ether") == 0 && cJSON_IsString(mac))
		store_mac(reader, document, mac);
}

static bool read_interface(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	const cJSON *named = cJSON_GetObjectItemCaseSensitive(item, "name");
	const char *name;

	if (!cJSON_IsObject(item))
		return json_document_refuse(document, item, NULL, "expected an interface: { \"name\": ... }");
	if (!item->child)
		return true;	/* `ip -j` prints empty objects for what it filtered out */
	if (!named)
		named = cJSON_GetObjectItemCaseSensitive(item, "ifname");
	if (!named)
		return json_document_refuse(document, item, NULL, "an interface needs a name");
	if (!host_file_read_interface_name(document, named, &name))
		return false;
	reader->interface = topology_add_interface(reader->topology, name);
	take_listed_mac(reader, document, item);
	return json_document_read(document, item, KEYS(interface_keys), reader);
}

bool host_file_store_interfaces(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_interface);
}
