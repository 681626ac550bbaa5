/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/routing.h"

#include <string.h>

enum {
	NET_UNREACHABLE = 0, HOST_UNREACHABLE = 1, ADMIN_PROHIBITED = 13,
	NO_ROUTE_IPV6 = 0, ADMIN_PROHIBITED_IPV6 = 1,
};

static const char loopback[] = "lo";
static const char martian_source[] = "martian source: nobody can send from this address";

static void decide(struct routing *routing, enum routing_result result, const char *reason)
{
	routing->result = result;
	routing->reason = reason;
}

static void refuse(struct routing *routing, uint8_t code, const char *reason)
{
	decide(routing, ROUTING_REFUSE, reason);
	routing->code = code;
}

static void note(struct routing *routing, const struct fib_answer *answer)
{
	routing->route = answer->route;
	routing->rule = answer->rule;
	routing->interface = answer->interface;
}

/* Linux 6.18, ipv4_is_zeronet(): of 0.0.0.0/8 only the first. */
static bool is_zero_net(uint32_t address)
{
	return address == 0;
}

static bool is_loopback_net(uint32_t address)
{
	return address >> 24 == 127;
}

/* Linux 6.18, fib4_rules_early_flow_dissect(): where a rule asks for them. `is_back`: of the way back. */
static void add_layer4(struct fib_flow *flow, const struct topology *topology, const struct packet *packet, bool is_back)
{
	if (!topology->has_layer4_rules[packet->family == FAMILY_IPV6])
		return;
	flow->protocol = packet->protocol;
	if (!packet->has_ports)
		return;
	flow->source_port = is_back ? packet->destination_port : packet->source_port;
	flow->destination_port = is_back ? packet->source_port : packet->destination_port;
}

static struct fib_flow flow_of(const struct topology *topology, const struct packet *packet, uint32_t mark)
{
	struct fib_flow flow = {
		.family = (enum family)packet->family, .source = &packet->source, .destination = &packet->destination, .mark = mark,
		.tos = packet->tos,
	};

	add_layer4(&flow, topology, packet, false);
	return flow;
}

/* A packet that came in: what its routing is decided by. */
struct arrival {
	const struct topology *topology;
	const struct packet *packet;
	const char *in;
	const struct host_settings *settings;	/* what counts for that interface */
	uint32_t mark;
};

static int setting_of(const struct arrival *arrival, enum host_setting setting)
{
	return arrival->settings->value[setting];
}

static bool has_ipv4_address(const struct topology *topology, const char *interface)
{
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == FAMILY_IPV4 && strcmp(topology->addresses[i].interface, interface) == 0)
			return true;
	return false;
}

/* Linux 6.18, __fib_validate_source(). NULL, or why the source cannot be. */
static const char *look_back(const struct arrival *arrival)
{
	int strictness = setting_of(arrival, HOST_RP_FILTER);
	struct fib_flow back = {
		.family = FAMILY_IPV4, .source = &arrival->packet->destination,
		.destination = &arrival->packet->source, .tos = arrival->packet->tos,
		.mark = setting_of(arrival, HOST_SRC_VALID_MARK) ? arrival->mark : 0,
	};
	struct fib_answer answer;

	add_layer4(&back, arrival->topology, arrival->packet, true);
	fib_lookup(arrival->topology, &back, &answer);
	if (!answer.is_found || answer.type == ROUTE_UNREACHABLE || answer.type == ROUTE_PROHIBIT ||
	    answer.type == ROUTE_BLACKHOLE)
		return strictness ? "rp_filter: no route leads back to the source" : NULL;
	if (answer.type == ROUTE_LOCAL && !setting_of(arrival, HOST_ACCEPT_LOCAL))
		return "martian source: the address is the host's own, and accept_local is 0";
	if (answer.type != ROUTE_UNICAST && answer.type != ROUTE_LOCAL)
		return "martian source: a broadcast address";
	if (fib_leads_by(arrival->topology, &answer, arrival->in))
		return NULL;
	if (!has_ipv4_address(arrival->topology, arrival->in))
		return strictness ? "rp_filter: the interface has no address, and the source is not behind it" : NULL;
	return strictness == 1 ? "rp_filter: the way back to the source leads by another interface" : NULL;
}

/*
 * Linux 6.18, fib_validate_source(): without rp_filter, nothing but the host's own addresses is refused; with rules of its
 * own, the host looks these up too.
 */
static const char *check_source(const struct arrival *arrival)
{
	if (setting_of(arrival, HOST_RP_FILTER))
		return look_back(arrival);
	if (setting_of(arrival, HOST_ACCEPT_LOCAL))
		return NULL;
	if (arrival->topology->has_policy_rules[0] || arrival->topology->has_local_routes)
		return look_back(arrival);
	return topology_is_local(arrival->topology, FAMILY_IPV4, &arrival->packet->source)
		       ? "martian source: the address is the host's own, and accept_local is 0"
		       : NULL;
}

static void deliver_if_valid(const struct arrival *arrival, struct routing *routing)
{
	const char *problem = check_source(arrival);

	decide(routing, problem ? ROUTING_DROP : ROUTING_DELIVER, problem);
}

/* Linux 6.18: ip_mc_validate_source(). 224.0.0.0/24, and IGMP, may come from 0.0.0.0. */
static void receive_group(const struct arrival *arrival, struct routing *routing)
{
	uint32_t source = address_ipv4(&arrival->packet->source), group = address_ipv4(&arrival->packet->destination);

	if (!topology_has_joined(arrival->topology, FAMILY_IPV4, &arrival->packet->destination, arrival->in))
		decide(routing, ROUTING_DROP, ROUTING_NOT_JOINED);
	else if (address_is_multicast(FAMILY_IPV4, &arrival->packet->source) || source == UINT32_MAX ||
		 (is_loopback_net(source) && !setting_of(arrival, HOST_ROUTE_LOCALNET)))
		decide(routing, ROUTING_DROP, martian_source);
	else if (!is_zero_net(source))
		deliver_if_valid(arrival, routing);
	else if (group >> 8 != 0xe00000 && arrival->packet->protocol != PROTOCOL_IGMP)
		decide(routing, ROUTING_DROP, martian_source);
	else
		decide(routing, ROUTING_DELIVER, NULL);
}

static void receive_broadcast(const struct arrival *arrival, struct routing *routing)
{
	if (is_zero_net(address_ipv4(&arrival->packet->source)))
		decide(routing, ROUTING_DELIVER, NULL);
	else
		deliver_if_valid(arrival, routing);
}

/* Before any lookup: addresses that no packet from outside can have. True when the packet is lost. */
static bool is_martian(const struct arrival *arrival, struct routing *routing)
{
	uint32_t source = address_ipv4(&arrival->packet->source), destination = address_ipv4(&arrival->packet->destination);
	bool may_be_loopback = setting_of(arrival, HOST_ROUTE_LOCALNET);

	if (is_zero_net(source) || (is_loopback_net(source) && !is_loopback_net(destination) && !may_be_loopback))
		decide(routing, ROUTING_DROP, martian_source);
	else if (is_zero_net(destination))
		decide(routing, ROUTING_DROP, "martian destination: nobody can be reached by this address");
	else if (is_loopback_net(destination) && !may_be_loopback)
		decide(routing, ROUTING_DROP, "martian destination: 127.0.0.0/8 from outside, and route_localnet is 0");
	else
		return false;
	return true;
}

/* Linux 6.18, ip_error(): a host that forwards nothing stays silent. */
static void refuse_unrouted(const struct arrival *arrival, const struct fib_answer *answer,
			    struct routing *routing)
{
	routing->is_unrouted = true;
	if (!setting_of(arrival, HOST_FORWARDING))
		decide(routing, ROUTING_DROP, answer->is_found ? "forwarding is off: not for this host"
							       : "not for this host, which has no route to it");
	else if (!answer->is_found)
		refuse(routing, NET_UNREACHABLE, "no route to the destination");
	else if (answer->type == ROUTE_UNREACHABLE)
		refuse(routing, HOST_UNREACHABLE, "an unreachable route");
	else if (answer->type == ROUTE_PROHIBIT)
		refuse(routing, ADMIN_PROHIBITED, "a prohibit route");
	else
		decide(routing, ROUTING_DROP, "a blackhole route");
}

static void route_ipv4(const struct arrival *arrival, struct routing *routing)
{
	struct fib_flow flow = flow_of(arrival->topology, arrival->packet, arrival->mark);
	struct fib_answer answer;
	const char *problem;

	flow.in = arrival->in;
	fib_lookup(arrival->topology, &flow, &answer);
	note(routing, &answer);
	if (answer.is_found && answer.type == ROUTE_BROADCAST) {
		receive_broadcast(arrival, routing);
	} else if (answer.is_found && answer.type == ROUTE_LOCAL) {
		deliver_if_valid(arrival, routing);
	} else if (!answer.is_found || answer.type != ROUTE_UNICAST || !setting_of(arrival, HOST_FORWARDING)) {
		refuse_unrouted(arrival, &answer, routing);
	} else {
		problem = check_source(arrival);
		decide(routing, problem ? ROUTING_DROP : ROUTING_FORWARD, problem);
	}
}

static void input_ipv4(const struct arrival *arrival, struct routing *routing)
{
	uint32_t source = address_ipv4(&arrival->packet->source), destination = address_ipv4(&arrival->packet->destination);

	if (address_is_multicast(FAMILY_IPV4, &arrival->packet->destination))
		receive_group(arrival, routing);
	else if (address_is_multicast(FAMILY_IPV4, &arrival->packet->source) || source == UINT32_MAX)
		decide(routing, ROUTING_DROP, martian_source);
	else if (destination == UINT32_MAX || (source == 0 && destination == 0))
		receive_broadcast(arrival, routing);
	else if (!is_martian(arrival, routing))
		route_ipv4(arrival, routing);
}

/*
 * Only DNAT leads to ::1 from outside. Linux 6.18, rt6_need_strict(): a route must then be one of the interface where the
 * packet came in. ::1 is on lo; what is left is a default route that leads back.
 */
static void route_to_ipv6_loopback(const struct arrival *arrival, struct routing *routing)
{
	const struct route *route = fib_route_towards(arrival->topology, FAMILY_IPV6, &arrival->packet->destination);

	routing->route = route;
	routing->interface = arrival->in;
	if (!route || strcmp(route->interface, arrival->in) != 0)
		decide(routing, ROUTING_DROP, "no route to ::1 from this interface");
	else if (!arrival->topology->forwards_ipv6)
		decide(routing, ROUTING_DROP, "forwarding is off: not for this host");
	else
		decide(routing, ROUTING_FORWARD, NULL);
}

/* Linux 6.18, rt6_need_strict(): a neighbour is on the link that the packet came by. */
static void stay_on_link(const struct arrival *arrival, struct routing *routing)
{
	if (routing->route && routing->route->interface && strcmp(routing->route->interface, arrival->in) != 0)
		routing->route = NULL;
	routing->interface = arrival->in;
}

/* IPv6 sources that cannot be are refused earlier, by ip6_rcv_core(), or later, by ip6_forward(). */
static void input_ipv6(const struct arrival *arrival, struct routing *routing)
{
	struct fib_flow flow = flow_of(arrival->topology, arrival->packet, arrival->mark);
	struct fib_answer answer;

	if (address_is_multicast(FAMILY_IPV6, &arrival->packet->destination)) {
		if (topology_has_joined(arrival->topology, FAMILY_IPV6, &arrival->packet->destination, arrival->in))
			decide(routing, ROUTING_DELIVER, NULL);
		else
			decide(routing, ROUTING_DROP, ROUTING_NOT_JOINED);
		return;
	}
	if (address_is_loopback(FAMILY_IPV6, &arrival->packet->destination)) {
		route_to_ipv6_loopback(arrival, routing);
		return;
	}
	flow.in = arrival->in;
	fib_lookup(arrival->topology, &flow, &answer);
	note(routing, &answer);
	if (!answer.is_found)
		refuse(routing, NO_ROUTE_IPV6, "no route to the destination");
	else if (answer.type == ROUTE_LOCAL)
		decide(routing, ROUTING_DELIVER, NULL);
	else if (answer.type == ROUTE_PROHIBIT)
		refuse(routing, ADMIN_PROHIBITED_IPV6, "a prohibit route");
	else if (answer.type == ROUTE_UNREACHABLE)
		refuse(routing, NO_ROUTE_IPV6, "an unreachable route");
	else if (answer.type != ROUTE_UNICAST)
		decide(routing, ROUTING_DROP, "a blackhole route");
	else if (!arrival->topology->forwards_ipv6)
		decide(routing, ROUTING_DROP, "forwarding is off: not for this host");
	else
		decide(routing, ROUTING_FORWARD, NULL);
	if (routing->result == ROUTING_FORWARD && address_is_link_local(FAMILY_IPV6, &arrival->packet->destination))
		stay_on_link(arrival, routing);
}

void routing_input(const struct topology *topology, const struct packet *packet, const char *in, uint32_t mark,
		   struct routing *routing)
{
	const struct interface *interface = topology_find_interface(topology, in);
	struct arrival arrival = {
		.topology = topology, .packet = packet, .in = in, .mark = mark,
		.settings = interface ? &interface->effective : &topology->effective_elsewhere,
	};

	*routing = (struct routing){ .result = ROUTING_DELIVER };
	if (packet->family == FAMILY_IPV4)
		input_ipv4(&arrival, routing);
	else
		input_ipv6(&arrival, routing);
}

/* Groups, the limited broadcast and neighbours: routing alone does not say by which interface. */
static bool needs_interface(const struct packet *packet)
{
	enum family family = packet->family;

	return address_is_multicast(family, &packet->destination) || address_is_link_local(family, &packet->destination) ||
	       (family == FAMILY_IPV4 && address_ipv4(&packet->destination) == UINT32_MAX);
}

static void deliver_by_loopback(struct routing *routing)
{
	decide(routing, ROUTING_DELIVER, NULL);
	routing->interface = loopback;
}

/*
 * Linux 6.18: by the interface whose address is the source; IPv6 sockets name theirs, of which nothing is known here. What goes out
 * by lo comes back in; IPv6 has no route for groups there.
 */
static void output_near(const struct topology *topology, const struct packet *packet, struct routing *routing)
{
	const char *owner = topology_interface_of(topology, packet->family, &packet->source);

	if (owner && strcmp(owner, loopback) == 0) {
		if (packet->family == FAMILY_IPV4) {
			deliver_by_loopback(routing);
			return;
		}
		owner = NULL;
	}
	decide(routing, ROUTING_FORWARD, NULL);
	routing->route = fib_route_towards(topology, packet->family, &packet->destination);
	routing->interface = owner ? owner : fib_interface_towards(topology, packet->family, &packet->destination);
	if (routing->route && routing->interface != routing->route->interface)
		routing->route = NULL;
}

void routing_output(const struct topology *topology, const struct packet *packet, uint32_t mark, struct routing *routing)
{
	struct fib_flow flow = flow_of(topology, packet, mark);
	struct fib_answer answer;

	*routing = (struct routing){ .result = ROUTING_DROP };
	/*
	 * Linux 6.18, ip_route_output_key_hash_rcu(), rawv6_sendmsg(): nowhere is the host itself. The broadcast address of 127/8
	 * is on lo.
	 */
	if (address_is_unspecified(&packet->destination) ||
	    topology_is_loopback_broadcast(packet->family, &packet->destination)) {
		deliver_by_loopback(routing);
		return;
	}
	fib_lookup(topology, &flow, &answer);
	note(routing, &answer);
	if (answer.is_found && answer.type == ROUTE_LOCAL) {
		deliver_by_loopback(routing);
	} else if (needs_interface(packet)) {
		output_near(topology, packet, routing);
	} else if (!answer.is_found) {
		decide(routing, ROUTING_DROP, "the host has no route to the destination");
	} else if (answer.type == ROUTE_BROADCAST) {
		decide(routing, ROUTING_FORWARD, NULL);
		routing->interface = fib_interface_towards(topology, packet->family, &packet->destination);
	} else if (answer.type == ROUTE_UNICAST) {
		decide(routing, ROUTING_FORWARD, NULL);
	} else {
		decide(routing, ROUTING_DROP, answer.type == ROUTE_BLACKHOLE ? "the host's route is a blackhole"
			: answer.type == ROUTE_PROHIBIT ? "the host's route is a prohibit route"
							: "the host's route is an unreachable one");
	}
}
