/* SPDX-License-Identifier: GPL-2.0-or-later */
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

/* A gateway of the other family, {"family":"inet6","host":"fe80::1"}, says nothing but that it is beyond "dev". */
static bool store_via(void *target, const struct json_document *document, const cJSON *item)
{
	struct route *route = &((struct host_reader *)target)->route;
	const cJSON *other = cJSON_IsObject(item) ? cJSON_GetObjectItemCaseSensitive(item, "host") : NULL;
	struct address ignored;
	enum family family;

	if (other)
		return host_file_read_address(document, other, &family, &ignored);
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

static bool store_next_hops(void *target, const struct json_document *document, const cJSON *item)
{
	((struct host_reader *)target)->next_hops = item;
	return cJSON_IsArray(item) || json_document_refuse(document, item, NULL, "expected a list: [ ... ]");
}

static bool store_weight(void *target, const struct json_document *document, const cJSON *item)
{
	struct route *route = &((struct host_reader *)target)->route;

	return json_document_number(document, item, 256, &route->weight) &&
	       (route->weight || json_document_refuse(document, item, NULL, "a next hop of weight 0 is none"));
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
	{ "nexthops", store_next_hops },	{ "nhid", NULL },
	{ "protocol", NULL },		{ "scope", NULL },
	{ "flags", NULL },		{ "pref", NULL },
	{ "expires", NULL },		{ "error", NULL },
};

static const struct json_key next_hop_keys[] = {
	{ "via", store_via },		{ "dev", store_dev },
	{ "weight", store_weight },	{ "gateway", store_via },
	{ "flags", NULL },		{ "scope", NULL },
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

static bool add_route(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct route *route = &reader->route;

	if (needs_interface(route->type) && !route->interface && !find_gateway(reader))
		return json_document_refuse(document, item, NULL, route->has_via
						? "the gateway is in no interface's subnet: \"dev\" says where it is"
						: "a route needs \"dev\", the interface by which it leaves");
	topology_add_route(reader->topology, route);
	return true;
}

/* Each is a route of its own, of one group. */
static bool add_next_hops(struct host_reader *reader, const struct json_document *document)
{
	struct route whole = reader->route;
	const cJSON *item;
	bool is_ok = true;

	if (whole.interface || whole.has_via || whole.type != ROUTE_UNICAST)
		return json_document_refuse(document, reader->next_hops, NULL, "a route over next hops has no \"dev\", \"via\" or \"type\" of its own");
	if (!cJSON_GetArraySize(reader->next_hops))
		return json_document_refuse(document, reader->next_hops, NULL, "a route needs one next hop at least");
	whole.hop_group = ++reader->topology->n_hop_groups;
	whole.weight = 1;
	cJSON_ArrayForEach(item, reader->next_hops) {
		reader->route = whole;
		is_ok &= json_document_read(document, item, KEYS(next_hop_keys), reader) && add_route(reader, document, item);
	}
	return is_ok;
}

static bool read_route(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct route *route = &reader->route;

	*route = (struct route){ .family = FAMILY_NONE };
	reader->next_hops = NULL;
	if (is_listed_by_the_kernel(item))
		return true;
	if (!json_document_read(document, item, KEYS(route_keys), reader))
		return false;
	if (!cJSON_HasObjectItem(item, "to") && !cJSON_HasObjectItem(item, "dst"))
		return json_document_refuse(document, item, NULL, "a route needs \"to\": a prefix, or \"default\"");
	return reader->next_hops ? add_next_hops(reader, document) : add_route(reader, document, item);
}

bool host_file_store_routes(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_route);
}
