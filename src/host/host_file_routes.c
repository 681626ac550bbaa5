/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "host/host_file_parts.h"

static bool store_to(void *target, const struct json_document *document, const cJSON *item)
{
	struct route *route = &((struct host_reader *)target)->route;
	struct masked_address prefix = { .address = { { 0 } } };
	enum family family = FAMILY_NONE;

	if (!host_file_read_prefix(document, item, &family, &prefix))
		return false;
	route->destination = prefix;
	route->prefix_len = family == FAMILY_NONE ? 0 : address_mask_prefix_len(family, &prefix.mask);
	return family == FAMILY_NONE || host_file_join_family(document, item, family, &route->family);
}

static bool store_via(void *target, const struct json_document *document, const cJSON *item)
{
	struct route *route = &((struct host_reader *)target)->route;
	enum family family;

	route->has_via = true;
	return host_file_read_address(document, item, &family, &route->via) && host_file_join_family(document, item, family, &route->family);
}

static bool store_dev(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->route.interface);
}

static bool store_route_table(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_table(document, item, &((struct host_reader *)target)->route.table);
}

static bool store_route_type(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_type(document, item, &((struct host_reader *)target)->route.type);
}

static bool store_metric(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->route.metric);
}

static bool store_source(void *target, const struct json_document *document, const cJSON *item)
{
	struct route *route = &((struct host_reader *)target)->route;
	enum family family;

	route->has_source = true;
	return host_file_read_address(document, item, &family, &route->source) &&
	       host_file_join_family(document, item, family, &route->family);
}

static bool store_route_mtu(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->route.mtu);
}

static bool store_route_family(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_family(document, item, &((struct host_reader *)target)->route.family);
}

static bool refuse_nexthops(void *target, const struct json_document *document, const cJSON *item)
{
	(void)target;
	return json_document_refuse(document, item, NULL, "a route over several next hops is not simulated");
}

/* As `ip -j route` prints them: [{"mtu":1400}]. */
static bool store_metrics(void *target, const struct json_document *document, const cJSON *item)
{
	const cJSON *mtu = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(item, 0), "mtu");

	return !mtu || store_route_mtu(target, document, mtu);
}

static const struct json_key route_keys[] = {
	{ "to", store_to },		{ "via", store_via },
	{ "dev", store_dev },		{ "type", store_route_type },
	{ "table", store_route_table },	{ "metric", store_metric },
	{ "src", store_source },	{ "mtu", store_route_mtu },
	{ "family", store_route_family },
	{ "dst", store_to },		{ "gateway", store_via },
	{ "prefsrc", store_source },	{ "metrics", store_metrics },
	{ "nexthops", refuse_nexthops },
	{ "protocol", NULL },		{ "scope", NULL },
	{ "flags", NULL },		{ "pref", NULL },
	{ "expires", NULL },		{ "error", NULL },
};

static bool needs_interface(enum route_type type)
{
	return type == ROUTE_UNICAST || type == ROUTE_BROADCAST;
}

/* A route that is only a gateway leaves where the gateway is reached: so does `ip route add`. */
static bool find_gateway(struct host_reader *reader)
{
	const struct topology *topology = reader->topology;
	struct route *route = &reader->route;

	for (size_t i = 0; i < topology->n_addresses && route->has_via && !route->interface; i++)
		if (topology->addresses[i].family == route->family &&
		    address_is_in(&route->via, &topology->addresses[i].subnet))
			route->interface = topology->addresses[i].interface;
	return route->interface != NULL;
}

/* "multicast", "anycast" and what the local table has from the addresses are the kernel's own. */
static bool is_listed_by_the_kernel(const cJSON *item)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(item, "type");
	const cJSON *protocol = cJSON_GetObjectItemCaseSensitive(item, "protocol");

	if (cJSON_IsString(type) && (strcmp(type->valuestring, "multicast") == 0 || strcmp(type->valuestring, "anycast") == 0))
		return true;
	return cJSON_IsString(protocol) && strcmp(protocol->valuestring, "kernel") == 0;
}

static bool read_route(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct route *route = &reader->route;

	*route = (struct route){ .family = FAMILY_NONE };
	if (is_listed_by_the_kernel(item))
		return true;
	if (!json_document_read(document, item, KEYS(route_keys), reader))
		return false;
	if (!cJSON_HasObjectItem(item, "to") && !cJSON_HasObjectItem(item, "dst"))
		return json_document_refuse(document, item, NULL, "a route needs \"to\": a prefix, or \"default\"");
	if (needs_interface(route->type) && !route->interface && !find_gateway(reader))
		return json_document_refuse(document, item, NULL, route->has_via
						? "the gateway is in no interface's subnet: \"dev\" says where it is"
						: "a route needs \"dev\", the interface by which it leaves");
	topology_add_route(reader->topology, route);
	return true;
}

bool host_file_store_routes(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_route);
}

static bool store_priority(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->rule.priority);
}

static bool store_from(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_from = true;
	return host_file_read_prefix(document, item, &rule->family, &rule->from);
}

static bool store_rule_to(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_to = true;
	return host_file_read_prefix(document, item, &rule->family, &rule->to);
}

/* `ip -j rule` prints "src":"10.0.0.0","srclen":8. */
static bool store_len(const struct json_document *document, const cJSON *item, enum family family,
		      struct masked_address *prefix)
{
	uint32_t len;

	if (family == FAMILY_NONE)
		return json_document_refuse(document, item, NULL, "a length without an address");
	if (!json_document_number(document, item, topology_family_bits(family), &len))
		return false;
	prefix->mask = address_prefix_mask(family, len);
	for (int i = 0; i < 4; i++)
		prefix->address.word[i] &= prefix->mask.word[i];
	return true;
}

static bool store_from_len(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_len(document, item, rule->family, &rule->from);
}

static bool store_to_len(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_len(document, item, rule->family, &rule->to);
}

/* 1, "0x1", "0x1/0xff". */
static bool store_mark(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;
	unsigned long long mark, mask;
	char *end;

	rule->mark_mask = UINT32_MAX;
	if (!cJSON_IsString(item) || !strchr(item->valuestring, '/'))
		return json_document_number(document, item, UINT32_MAX, &rule->mark);
	mark = strtoull(item->valuestring, &end, 0);
	mask = *end == '/' ? strtoull(end + 1, &end, 0) : 0;
	if (*end || mark > UINT32_MAX || mask > UINT32_MAX || item->valuestring[0] == '-')
		return json_document_refuse(document, item, "e.g. \"0x1/0xff\"", "\"%s\" is not MARK/MASK", item->valuestring);
	rule->mark = (uint32_t)mark;
	rule->mark_mask = (uint32_t)mask;
	return true;
}

static bool store_mark_mask(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->rule.mark_mask);
}

static bool store_in(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->rule.in);
}

static bool store_out(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->rule.out);
}

static bool store_tos(void *target, const struct json_document *document, const cJSON *item)
{
	uint32_t tos = 0;

	if (!json_document_number(document, item, 255, &tos))
		return false;
	((struct host_reader *)target)->rule.tos = (uint8_t)tos;
	return true;
}

static bool store_rule_table(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_table(document, item, &((struct host_reader *)target)->rule.table);
}

static bool store_action(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	if (!host_file_read_type(document, item, &rule->action))
		return false;
	if (rule->action == ROUTE_BLACKHOLE || rule->action == ROUTE_UNREACHABLE || rule->action == ROUTE_PROHIBIT)
		return true;
	return json_document_refuse(document, item, NULL, "a rule's action is blackhole, unreachable or prohibit");
}

static bool store_suppress(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_suppress_len = true;
	return json_document_number(document, item, 128, &rule->suppress_len);
}

/* `ip -j rule` prints "not":null. */
static bool store_not(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->is_inverted = true;
	return cJSON_IsNull(item) || json_document_bool(document, item, &rule->is_inverted);
}

static bool store_rule_family(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_family(document, item, &((struct host_reader *)target)->rule.family);
}

static const struct json_key rule_keys[] = {
	{ "priority", store_priority },	{ "from", store_from },
	{ "to", store_rule_to },	{ "fwmark", store_mark },
	{ "iif", store_in },		{ "oif", store_out },
	{ "tos", store_tos },		{ "not", store_not },
	{ "table", store_rule_table },	{ "action", store_action },
	{ "suppress_prefixlength", store_suppress },
	{ "family", store_rule_family },
	{ "src", store_from },		{ "srclen", store_from_len },
	{ "dst", store_rule_to },	{ "dstlen", store_to_len },
	{ "fwmask", store_mark_mask },	{ "protocol", NULL },
};

static void add_rule(struct topology *topology, struct policy_rule *rule)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	static const struct address any;

	/* "all" says nothing. */
	rule->has_from &= !address_is_equal(&rule->from.mask, &any);
	rule->has_to &= !address_is_equal(&rule->to.mask, &any);
	if (rule->family != FAMILY_NONE) {
		topology_add_rule(topology, rule);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		rule->family = families[i];
		topology_add_rule(topology, rule);
	}
}

static bool read_rule(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &reader->rule;

	*rule = (struct policy_rule){ .family = FAMILY_NONE };
	if (!json_document_read(document, item, KEYS(rule_keys), reader))
		return false;
	if (!cJSON_HasObjectItem(item, "priority"))
		return json_document_refuse(document, item, NULL, "a rule needs a priority: where among the others it stands");
	if (rule->action == ROUTE_UNICAST && !rule->table)
		return json_document_refuse(document, item, NULL, "a rule needs a table, or an action");
	add_rule(reader->topology, rule);
	return true;
}

bool host_file_store_rules(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_rule);
}
