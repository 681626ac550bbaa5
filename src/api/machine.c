/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_machine(), ctreplay_loaded(): the host and what it has loaded, for whoever makes another one like it. */
#include <string.h>

#include "api/api.h"

static const enum ctreplay_route_type route_types[ROUTE_TYPE_COUNT] = {
	[ROUTE_UNICAST] = CTREPLAY_ROUTE_UNICAST, [ROUTE_LOCAL] = CTREPLAY_ROUTE_LOCAL, [ROUTE_BROADCAST] = CTREPLAY_ROUTE_BROADCAST,
	[ROUTE_BLACKHOLE] = CTREPLAY_ROUTE_BLACKHOLE, [ROUTE_UNREACHABLE] = CTREPLAY_ROUTE_UNREACHABLE,
	[ROUTE_PROHIBIT] = CTREPLAY_ROUTE_PROHIBIT, [ROUTE_THROW] = CTREPLAY_ROUTE_THROW,
};

static void *room_for(struct ctreplay *replay, size_t n, size_t size)
{
	void *room = arena_alloc(&replay->arena, (n + 1) * size);

	memset(room, 0, (n + 1) * size);
	return room;
}

static struct ctreplay_address view_if(bool is_given, enum family family, const struct address *address)
{
	return is_given ? api_view_address((uint8_t)family, address) : (struct ctreplay_address){ .family = 0 };
}

static struct ctreplay_prefix view_prefix(bool is_given, enum family family, const struct masked_address *prefix)
{
	struct ctreplay_prefix view = { .address = view_if(is_given, family, &prefix->address) };

	if (is_given)
		view.len = (uint8_t)address_mask_prefix_len(family, &prefix->mask);
	return view;
}

static void view_interfaces(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	const struct topology *topology = &replay->options.topology;
	const struct host_sysctl *table = host_settings_table();
	struct ctreplay_interface *views = room_for(replay, topology->n_interfaces, sizeof(*views));

	for (size_t i = 0; i < topology->n_interfaces; i++) {
		const struct interface *interface = topology->interfaces[i];
		struct ctreplay_setting *settings = room_for(replay, HOST_SETTING_COUNT, sizeof(*settings));

		for (int k = 0; k < HOST_SETTING_COUNT; k++)
			settings[k] = (struct ctreplay_setting){
				.name = table[k].name, .default_value = table[k].assumed,
				.value = (uint32_t)host_settings_value(topology, interface, (enum host_setting)k),
			};
		views[i] = (struct ctreplay_interface){
			.name = interface->name, .mtu = interface->mtu, .has_mac = interface->has_mac,
			.settings = settings, .n_settings = HOST_SETTING_COUNT,
		};
		memcpy(views[i].mac, interface->mac, sizeof(views[i].mac));
	}
	machine->interfaces = views;
	machine->n_interfaces = topology->n_interfaces;
}

static void view_addresses(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	const struct topology *topology = &replay->options.topology;
	struct ctreplay_own_address *views = room_for(replay, topology->n_addresses, sizeof(*views));

	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];
		struct masked_address subnet = { .address = own->address, .mask = own->subnet.mask };

		views[i] = (struct ctreplay_own_address){
			.subnet = view_prefix(true, own->family, &subnet),
			.broadcast = view_if(own->has_broadcast, own->family, &own->broadcast),
			.interface = own->interface,
		};
	}
	machine->addresses = views;
	machine->n_addresses = topology->n_addresses;
}

static void view_routes(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	const struct topology *topology = &replay->options.topology;
	struct ctreplay_route *views = room_for(replay, topology->n_routes, sizeof(*views));

	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		views[i] = (struct ctreplay_route){
			.type = route_types[route->type], .table = route->table, .metric = route->metric, .mtu = route->mtu,
			.destination = {
				.address = api_view_address((uint8_t)route->family, &route->destination.address),
				.len = (uint8_t)route->prefix_len,
			},
			.interface = route->interface,
			.via = view_if(route->has_via, route->family, &route->via),
			.source = view_if(route->has_source, route->family, &route->source),
			.is_further_hop = i && route->hop_group && topology->routes[i - 1].hop_group == route->hop_group,
		};
	}
	machine->routes = views;
	machine->n_routes = topology->n_routes;
}

static struct ctreplay_policy_rule view_rule(const struct policy_rule *rule)
{
	return (struct ctreplay_policy_rule){
		.family = (uint8_t)rule->family, .priority = rule->priority, .is_inverted = rule->is_inverted,
		.from = view_prefix(rule->has_from, rule->family, &rule->from), .to = view_prefix(rule->has_to, rule->family, &rule->to),
		.in = rule->in, .out = rule->out, .mark = rule->mark, .mark_mask = rule->mark_mask,
		.tos = rule->tos, .protocol = rule->protocol,
		.has_source_port = rule->has_source_port, .has_destination_port = rule->has_destination_port,
		.source_port = { rule->source_port.first, rule->source_port.last },
		.destination_port = { rule->destination_port.first, rule->destination_port.last },
		.action = route_types[rule->action], .table = rule->table,
		.has_suppress_len = rule->has_suppress_len, .suppress_len = rule->suppress_len,
	};
}

static void view_rules(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	const struct topology *topology = &replay->options.topology;
	struct ctreplay_policy_rule *views = room_for(replay, topology->n_rules, sizeof(*views));

	for (size_t i = 0; i < topology->n_rules; i++)
		if (!topology_is_usual_rule(&topology->rules[i]))
			views[machine->n_rules++] = view_rule(&topology->rules[i]);
	machine->rules = views;
}

static void view_groups(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	const struct topology *topology = &replay->options.topology;
	struct ctreplay_group *views = room_for(replay, topology->n_groups, sizeof(*views));

	for (size_t i = 0; i < topology->n_groups; i++)
		views[i] = (struct ctreplay_group){
			.group = api_view_address((uint8_t)topology->groups[i].family, &topology->groups[i].group),
			.interface = topology->groups[i].interface,
		};
	machine->groups = views;
	machine->n_groups = topology->n_groups;
}

static void view_settings(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	size_t n;
	const struct sysctl *sysctls = settings_sysctls(&n);
	struct ctreplay_setting *views = room_for(replay, n, sizeof(*views));

	for (size_t i = 0; i < n; i++)
		views[i] = (struct ctreplay_setting){
			.name = sysctls[i].name, .value = settings_value(&replay->options.settings, &sysctls[i]),
			.default_value = sysctls[i].default_value,
		};
	machine->settings = views;
	machine->n_settings = n;
}

struct run_view {
	struct ctreplay *replay;
	struct ctreplay_machine *machine;
};

static void hear_run(void *owner, const struct event *event)
{
	const struct run_view *view = owner;
	const struct event_run *run = &event->run;
	const char **tables = room_for(view->replay, run->n_tables, sizeof(*tables));

	for (size_t i = 0; i < run->n_tables; i++)
		tables[i] = run->tables[i];	/* static */
	view->machine->captured_on = run->captured_on;
	view->machine->capture = run->capture;
	view->machine->is_empty = run->is_empty;
	view->machine->origin_unix_ns = run->origin_seconds * VTIME_NS_PER_SECOND + run->origin_ns;
	view->machine->tables = tables;
	view->machine->n_tables = run->n_tables;
}

/* What a replay tells first. */
static void view_run(struct ctreplay *replay, struct ctreplay_machine *machine)
{
	struct run_view view = { replay, machine };
	struct stream stream;

	stream_init(&stream);
	stream_add(&stream, EVENT_BIT(EVENT_RUN), hear_run, &view);
	scene_emit_run(&replay->replay.scene, &stream);
}

static const struct ctreplay_machine *view_machine(struct ctreplay *replay)
{
	struct ctreplay_machine *machine = room_for(replay, 1, sizeof(*machine));
	const struct run_options *options = &replay->options;

	machine->kernel = profile_name(options->settings.profile);
	machine->hz = options->settings.hz;
	view_interfaces(replay, machine);
	view_addresses(replay, machine);
	view_routes(replay, machine);
	view_rules(replay, machine);
	view_groups(replay, machine);
	view_settings(replay, machine);
	machine->knows_groups = options->topology.knows_groups;
	machine->forwards_ipv6 = options->topology.forwards_ipv6;
	machine->tracks[0] = options->track == TRACK_ALWAYS || ruleset_needs_tracking(replay->replay.scene.ruleset, FAMILY_IPV4);
	machine->tracks[1] = options->track == TRACK_ALWAYS || ruleset_needs_tracking(replay->replay.scene.ruleset, FAMILY_IPV6);
	machine->tracks_dccp = profile_value(options->settings.profile, PROFILE_TRACKS_DCCP);
	view_run(replay, machine);
	return machine;
}

/* Open, and the host is known: without a capture, with the first packet. */
static bool has_host(const struct ctreplay *replay)
{
	return replay->state != API_FRESH && replay->state != API_FAILED && replay->replay.scene.host.len;
}

const struct ctreplay_machine *ctreplay_machine(struct ctreplay *replay)
{
	if (!replay->machine && has_host(replay))
		replay->machine = view_machine(replay);
	return replay->machine;
}

/* As they are before the first packet. */
static void print_sets(const struct ipsets *sets, struct text *out)
{
	static const struct vtime start = { .ns = 0 };
	struct ipsets_position position = { .set = 0 };

	while (ipsets_next_line(sets, &position, start, out))
		text_append_char(out, '\n');
	ipsets_end(&position);
}

/* False: there is none. */
static bool print_loaded(const struct ctreplay *replay, const char *what, struct text *out)
{
	const struct ruleset *ruleset = replay->replay.scene.ruleset;
	enum family family = strcmp(what, "6") == 0 ? FAMILY_IPV6 : FAMILY_IPV4;

	if (strcmp(what, "4") == 0 || strcmp(what, "6") == 0) {
		ruleset_print_as_loaded(ruleset, family, out);
		return ruleset_has_family(ruleset, family);
	}
	if (strcmp(what, "ipset") == 0 && replay->options.rules.sets) {
		print_sets(replay->options.rules.sets, out);
		return true;
	}
	if (strcmp(what, "timeouts") == 0 && replay->options.policies.path) {
		text_append(out, replay->options.policies.source.text);
		return true;
	}
	return false;
}

const char *ctreplay_loaded(struct ctreplay *replay, const char *what)
{
	const char *loaded = NULL;
	struct text text;

	if (replay->state == API_FRESH || replay->state == API_FAILED)
		return NULL;
	text_init(&text);
	if (print_loaded(replay, what, &text))
		loaded = arena_copy_string(&replay->arena, text_string(&text));
	text_clear(&text);
	return loaded;
}
