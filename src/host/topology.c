/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/topology.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/address_choice.h"
#include "host/fib_index.h"
#include "host/fib_rows.h"

static const char loopback_interface[] = "lo";

/* Linux 6.18, IP6_RT_PRIO_USER and IP6_RT_PRIO_ADDRCONF: metrics of IPv6 routes of which nobody says more. */
enum { IPV6_METRIC = 1024, IPV6_CONNECTED_METRIC = 256 };

void topology_init(struct topology *topology)
{
	const struct host_sysctl *sysctls = host_settings_table();

	memset(topology, 0, sizeof(*topology));
	arena_init(&topology->arena);
	map_init(&topology->names);
	address_choice_init(&topology->surroundings);
	host_settings_init(&topology->all_settings);
	host_settings_init(&topology->default_settings);
	for (int i = 0; i < HOST_SETTING_COUNT; i++)
		topology->assumed_settings.value[i] = (int8_t)sysctls[i].assumed;
	topology->forwards_ipv6 = true;
	topology_add_interface(topology, loopback_interface);
}

void topology_clear(struct topology *topology)
{
	arena_clear(&topology->arena);
	map_clear(&topology->names);
	free(topology->interfaces);
	free(topology->addresses);
	free(topology->routes);
	free(topology->rules);
	free(topology->groups);
	fib_rows_destroy(topology->fib_rows);
	fib_index_destroy(topology->fib_index);
	memset(topology, 0, sizeof(*topology));
}

unsigned topology_family_bits(enum family family)
{
	return family == FAMILY_IPV4 ? 32 : 128;
}

const struct interface *topology_find_interface_by_name(const struct topology *topology, const char *name)
{
	return map_find(&topology->names, name);
}

struct interface *topology_add_interface(struct topology *topology, const char *name)
{
	struct interface *added = (struct interface *)(uintptr_t)topology_find_interface(topology, name);

	if (added)
		return added;
	added = arena_alloc(&topology->arena, sizeof(*added));
	added->name = arena_copy_string(&topology->arena, name);
	host_settings_init(&added->settings);
	topology->interfaces =
		alloc_resize(topology->interfaces, topology->n_interfaces + 1, sizeof(struct interface *));
	topology->interfaces[topology->n_interfaces++] = added;
	map_add(&topology->names, added->name, added);
	return added;
}

const char *topology_first_interface(const struct topology *topology)
{
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (strcmp(topology->addresses[i].interface, loopback_interface) != 0)
			return topology->addresses[i].interface;
	return topology->n_interfaces > 1 ? topology->interfaces[1]->name : TOPOLOGY_DEFAULT_INTERFACE;
}

static struct masked_address mask_address(enum family family, const struct address *address, unsigned prefix_len)
{
	struct masked_address masked = { .address = *address, .mask = address_prefix_mask(family, prefix_len) };

	for (int i = 0; i < 4; i++)
		masked.address.word[i] &= masked.mask.word[i];
	return masked;
}

void topology_add_address(struct topology *topology, enum family family, const struct address *address,
			  unsigned prefix_len, const char *interface)
{
	struct topology_address *added;

	topology->addresses = alloc_resize(topology->addresses, topology->n_addresses + 1, sizeof(*added));
	added = &topology->addresses[topology->n_addresses++];
	*added = (struct topology_address){
		.family = family,
		.address = *address,
		.subnet = mask_address(family, address, prefix_len),
		.interface = topology_add_interface(topology, interface)->name,
	};
	if (family == FAMILY_IPV4 && prefix_len <= 30) {
		added->has_broadcast = true;
		added->broadcast = added->subnet.address;
		added->broadcast.word[0] |= ~added->subnet.mask.word[0];
	}
}

void topology_add_route(struct topology *topology, const struct route *route)
{
	struct route *added;

	if (route->family == FAMILY_NONE) {
		struct route both = *route;

		both.family = FAMILY_IPV4;
		topology_add_route(topology, &both);
		both.family = FAMILY_IPV6;
		topology_add_route(topology, &both);
		return;
	}
	topology->routes = alloc_resize(topology->routes, topology->n_routes + 1, sizeof(*route));
	added = &topology->routes[topology->n_routes];
	*added = *route;
	added->order = (uint32_t)topology->n_routes++;
	if (!added->table)
		added->table = TABLE_ID_MAIN;
	if (!added->metric && added->family == FAMILY_IPV6)
		added->metric = added->is_connected ? IPV6_CONNECTED_METRIC : IPV6_METRIC;
	if (added->interface)
		added->interface = topology_add_interface(topology, added->interface)->name;
}

void topology_add_rule(struct topology *topology, const struct policy_rule *rule)
{
	struct policy_rule *added;

	topology->rules = alloc_resize(topology->rules, topology->n_rules + 1, sizeof(*rule));
	added = &topology->rules[topology->n_rules];
	*added = *rule;
	added->order = (uint32_t)topology->n_rules++;
	if (added->in)
		added->in = topology_add_interface(topology, added->in)->name;
	if (added->out)
		added->out = topology_add_interface(topology, added->out)->name;
}

void topology_add_group(struct topology *topology, const struct joined_group *group)
{
	struct joined_group *added;

	topology->groups = alloc_resize(topology->groups, topology->n_groups + 1, sizeof(*group));
	added = &topology->groups[topology->n_groups++];
	*added = *group;
	if (added->interface)
		added->interface = topology_add_interface(topology, added->interface)->name;
}

/* By table, family, longest prefix, smallest metric; the hops of a route stay together, and the first of two equal routes wins. */
static int compare_routes(const void *one, const void *other)
{
	const struct route *a = one, *b = other;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->prefix_len != b->prefix_len)
		return a->prefix_len > b->prefix_len ? -1 : 1;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static int compare_rules(const void *one, const void *other)
{
	const struct policy_rule *a = one, *b = other;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static bool is_about_layer4(const struct policy_rule *rule)
{
	return rule->protocol || rule->has_source_port || rule->has_destination_port;
}

bool topology_is_usual_rule(const struct policy_rule *rule)
{
	bool asks_all = !rule->is_inverted && !rule->has_from && !rule->has_to && !rule->in && !rule->out &&
			!rule->mark_mask && !rule->tos && !is_about_layer4(rule) && !rule->has_suppress_len &&
			rule->action == ROUTE_UNICAST;

	return asks_all && ((rule->priority == 0 && rule->table == TABLE_ID_LOCAL) ||
			    (rule->priority == 32766 && rule->table == TABLE_ID_MAIN) ||
			    (rule->priority == 32767 && rule->table == TABLE_ID_DEFAULT));
}

/* Linux 6.18, fib_default_rules_init(), fib6_rules_net_init(). One that was described as well does no harm. */
static void add_usual_rules(struct topology *topology)
{
	static const struct policy_rule usual[] = {
		{ .family = FAMILY_IPV4, .priority = 0, .table = TABLE_ID_LOCAL },
		{ .family = FAMILY_IPV4, .priority = 32766, .table = TABLE_ID_MAIN },
		{ .family = FAMILY_IPV4, .priority = 32767, .table = TABLE_ID_DEFAULT },
		{ .family = FAMILY_IPV6, .priority = 0, .table = TABLE_ID_LOCAL },
		{ .family = FAMILY_IPV6, .priority = 32766, .table = TABLE_ID_MAIN },
	};

	for (size_t i = 0; i < topology->n_rules; i++) {
		const struct policy_rule *rule = &topology->rules[i];

		topology->has_policy_rules[rule->family == FAMILY_IPV6] |= !topology_is_usual_rule(rule);
		topology->has_layer4_rules[rule->family == FAMILY_IPV6] |= is_about_layer4(rule);
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		topology_add_rule(topology, &usual[i]);
	qsort(topology->rules, topology->n_rules, sizeof(*topology->rules), compare_rules);
}

static void add_connected_routes(struct topology *topology)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];
		struct route connected = {
			.family = own->family,
			.destination = own->subnet,
			.prefix_len = address_mask_prefix_len(own->family, &own->subnet.mask),
			.interface = own->interface,
			.is_connected = true,
		};

		if ((unsigned)connected.prefix_len < topology_family_bits(own->family))
			topology_add_route(topology, &connected);
	}
}

static void lay_out_fib(struct topology *topology)
{
	fib_rows_destroy(topology->fib_rows);
	topology->fib_rows = fib_rows_create(topology);
}

/* What routing asks for with every packet. */
static void settle(struct topology *topology)
{
	for (size_t i = 0; i < topology->n_routes; i++)
		topology->has_local_routes |=
			topology->routes[i].family == FAMILY_IPV4 && topology->routes[i].type == ROUTE_LOCAL;
	for (size_t i = 0; i < topology->n_routes; i++)
		if (topology->routes[i].interface)
			topology->routes[i].interface_mtu =
				topology_find_interface(topology, topology->routes[i].interface)->mtu;
	for (int k = 0; k < HOST_SETTING_COUNT; k++) {
		topology->effective_elsewhere.value[k] = (int8_t)host_settings_value(topology, NULL, (enum host_setting)k);
		for (size_t i = 0; i < topology->n_interfaces; i++)
			topology->interfaces[i]->effective.value[k] =
				(int8_t)host_settings_value(topology, topology->interfaces[i], (enum host_setting)k);
	}
}

void topology_finish(struct topology *topology)
{
	bool has_routes = topology->n_routes > 0;
	const char *first = topology_first_interface(topology);

	topology_add_interface(topology, first);
	add_connected_routes(topology);
	if (!has_routes && !topology->is_described) {
		topology->has_assumed_default = true;
		topology_add_route(topology, &(struct route){ .interface = first });
	}
	if (topology->n_routes)
		qsort(topology->routes, topology->n_routes, sizeof(*topology->routes), compare_routes);
	add_usual_rules(topology);
	settle(topology);
	topology->fib_index = fib_index_create(topology);
	lay_out_fib(topology);
	topology->is_finished = true;
}

bool topology_is_local(const struct topology *topology, enum family family, const struct address *address)
{
	return topology_interface_of(topology, family, address) != NULL;
}

bool topology_is_loopback_broadcast(enum family family, const struct address *address)
{
	return family == FAMILY_IPV4 && address_ipv4(address) == 0x7fffffff;
}

const char *topology_interface_of(const struct topology *topology, enum family family, const struct address *address)
{
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == family && address_is_equal(&topology->addresses[i].address, address))
			return topology->addresses[i].interface;
	return address_is_loopback(family, address) && !topology_is_loopback_broadcast(family, address) ? topology->interfaces[0]->name : NULL;
}

bool topology_is_subnet_broadcast(const struct topology *topology, const struct address *address, const char *interface)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->has_broadcast && address_is_equal(&own->broadcast, address) &&
		    (!interface || !*interface || strcmp(interface, own->interface) == 0))
			return true;
	}
	return topology_is_loopback_broadcast(FAMILY_IPV4, address) &&
	       (!interface || !*interface || strcmp(interface, loopback_interface) == 0);
}

bool topology_is_broadcast(const struct topology *topology, enum family family, const struct address *address)
{
	return family == FAMILY_IPV4 &&
	       (address_ipv4(address) == UINT32_MAX || topology_is_subnet_broadcast(topology, address, NULL));
}

/* Linux 6.18, ip_check_mc_rcu(), ipv6_chk_mcast_addr(): some groups every host joins. */
static bool is_always_joined(const struct topology *topology, enum family family, const struct address *group)
{
	static const uint8_t all_nodes[16] = { 0xff, 2, [15] = 1 }, all_routers[16] = { 0xff, 2, [15] = 2 };
	static const uint8_t solicited[16] = { 0xff, 2, [11] = 1, [12] = 0xff };
	uint8_t bytes[16], own[16];

	if (family == FAMILY_IPV4)
		return address_ipv4(group) == 0xe0000001;
	address_to_bytes(FAMILY_IPV6, group, bytes);
	if (memcmp(bytes, all_nodes, 16) == 0)
		return true;
	if (memcmp(bytes, all_routers, 16) == 0)
		return topology->forwards_ipv6;
	for (size_t i = 0; i < topology->n_addresses && memcmp(bytes, solicited, 13) == 0; i++) {
		address_to_bytes(FAMILY_IPV6, &topology->addresses[i].address, own);
		if (topology->addresses[i].family == FAMILY_IPV6 && memcmp(bytes + 13, own + 13, 3) == 0)
			return true;
	}
	return false;
}

bool topology_has_joined(const struct topology *topology, enum family family, const struct address *group,
			 const char *interface)
{
	if (!topology->knows_groups || is_always_joined(topology, family, group))
		return true;
	for (size_t i = 0; i < topology->n_groups; i++) {
		const struct joined_group *joined = &topology->groups[i];

		if (joined->family == family && address_is_equal(&joined->group, group) &&
		    (!joined->interface || strcmp(joined->interface, interface) == 0))
			return true;
	}
	return false;
}

void topology_print(const struct topology *topology, struct text *out)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];
		int prefix_len = address_mask_prefix_len(own->family, &own->subnet.mask);

		if (i)
			text_append(out, ", ");
		address_print(own->family, &own->address, out);
		if ((unsigned)prefix_len < topology_family_bits(own->family))
			text_printf(out, "/%d", prefix_len);
		text_printf(out, " on %s", own->interface);
	}
	if (!topology->n_addresses)
		text_append(out, "no address of its own");
}

void topology_set_link(struct topology *topology, const char *name, bool is_up)
{
	struct interface *interface = map_find(&topology->names, name);

	if (!interface || interface->is_down == !is_up)
		return;
	interface->is_down = !is_up;
	for (size_t i = 0; i < topology->n_routes; i++) {
		struct route *route = &topology->routes[i];

		if (route->type == ROUTE_UNICAST && route->interface && strcmp(route->interface, name) == 0)
			route->is_dead = !is_up;
	}
	lay_out_fib(topology);
}
