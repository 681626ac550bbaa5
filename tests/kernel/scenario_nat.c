/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the nat tables map, and which pairs of nodes make use of it. The captured packets of the far side carry the
 * addresses that NAT gives, as far as they can be known without asking; where it chooses freely, answers go astray.
 */
#include <stdio.h>
#include <string.h>

#include "scenario.h"

static const char *address_text(const struct node *node, char *text)
{
	const uint8_t *a = node->address;
	char *at = text;

	if (node->family == 4) {
		sprintf(text, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
		return text;
	}
	for (size_t i = 0; i < 16; i += 2)
		at += sprintf(at, "%s%x", i ? ":" : "", read16(a + i));
	return text;
}

/* "ADDRESS:PORT", with brackets for IPv6. */
static const char *endpoint_text(const struct node *node, unsigned port, char *text)
{
	char address[64];

	sprintf(text, node->family == 4 ? "%s:%u" : "[%s]:%u", address_text(node, address), port);
	return text;
}

static const char *protocol_text(uint8_t protocol)
{
	return protocol == 6 ? "tcp" : protocol == 17 ? "udp" : "sctp";
}

struct cast {
	const struct node *host, *host_inner, *outer, *inner;
	uint32_t n_outer, n_inner;
};

static struct cast find_cast(const struct scenario *scenario, int family)
{
	if (family == 6)
		return (struct cast){ &scenario->host6, &scenario->host6_inner, scenario->outer6, scenario->inner6,
				      (uint32_t)scenario->n_outer6, (uint32_t)scenario->n_inner6 };
	return (struct cast){ &scenario->host4, &scenario->host4_inner, scenario->outer, scenario->inner, (uint32_t)scenario->n_outer,
			      (uint32_t)scenario->n_inner };
}

/* Last byte kept, the network another: what NETMAP does to a node. */
static struct node move_node(const struct node *node, const char *network)
{
	struct node moved = make_node(node->family, network, 0);
	size_t last = node->family == 4 ? 3 : 15;

	moved.address[last] = node->address[last];
	if (node->family == 6)
		moved.address[14] = node->address[14];
	memcpy(moved.mac, node->mac, 6);
	return moved;
}

/* From outside to a server inside. */
static void forward_port(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	char to[80], address[64];

	service->seen = *cast->host;
	service->server = cast->inner[pick(scenario, cast->n_inner)];
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -d %s -p %s -m %s --dport %u -j DNAT --to-destination %s",
		 address_text(cast->host, address), protocol_text(service->protocol), protocol_text(service->protocol), service->seen_port,
		 endpoint_text(&service->server, service->port, to));
}

/* What the inside asks of the world, the router answers. */
static void redirect_inside(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	service->client = &cast->inner[pick(scenario, cast->n_inner)];
	service->seen = cast->outer[pick(scenario, cast->n_outer)];
	service->server = *cast->host_inner;
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -i eth1 -p %s -m %s --dport %u -j REDIRECT --to-ports %u",
		 protocol_text(service->protocol), protocol_text(service->protocol), service->seen_port, service->port);
}

/* On the host itself: another port. */
static void redirect_here(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	(void)scenario;
	service->seen = service->server = *cast->host;
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -i eth0 -p %s -m %s --dport %u -j REDIRECT --to-ports %u",
		 protocol_text(service->protocol), protocol_text(service->protocol), service->seen_port, service->port);
}

/* What the host asks goes elsewhere. */
static void turn_own(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	char to[80], address[64];

	service->client = cast->host;
	service->seen = cast->outer[0];
	service->server = cast->outer[1 + pick(scenario, cast->n_outer - 1)];
	snprintf(service->rule[0], MOST_RULE, "OUTPUT -d %s -p %s -m %s --dport %u -j DNAT --to-destination %s",
		 address_text(&service->seen, address), protocol_text(service->protocol), protocol_text(service->protocol),
		 service->seen_port, endpoint_text(&service->server, service->port, to));
}

/* From the inside to the public address of a server inside. */
static void bend_hairpin(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	char to[80], address[64];

	service->client = &cast->inner[0];
	service->seen = *cast->host;
	service->server = cast->inner[1 + pick(scenario, cast->n_inner - 1)];
	service->client_seen = *cast->host_inner;
	service->is_client_seen = true;
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -d %s -p %s -m %s --dport %u -j DNAT --to-destination %s",
		 address_text(cast->host, address), protocol_text(service->protocol), protocol_text(service->protocol), service->seen_port,
		 endpoint_text(&service->server, service->port, to));
	snprintf(service->rule[1], MOST_RULE, "POSTROUTING -o eth1 -p %s -m %s --dport %u -j MASQUERADE", protocol_text(service->protocol),
		 protocol_text(service->protocol), service->port);
}

/* A whole network under another name, for every protocol. */
static void map_network(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	bool is_ipv4 = cast->host->family == 4;

	service->protocol = 0;
	service->seen_port = service->port = 0;
	service->server = cast->inner[pick(scenario, cast->n_inner)];
	service->seen = move_node(&service->server, is_ipv4 ? "10.0.9.0" : "fd09::");
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -d %s -j NETMAP --to %s", is_ipv4 ? "10.0.9.0/24" : "fd09::/64",
		 is_ipv4 ? "192.168.1.0/24" : "fd01::/64");
}

/* The host takes its clients for others. */
static void disguise_clients(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	(void)scenario;
	service->seen = service->server = *cast->host;
	service->seen_port = service->port;
	service->client_seen = make_node(cast->host->family, cast->host->family == 4 ? "203.0.113.200" : "2001:db8::200", 0);
	service->is_client_seen = true;
	snprintf(service->rule[0], MOST_RULE, "INPUT -p %s -m %s --dport %u -j SNAT --to-source %s", protocol_text(service->protocol),
		 protocol_text(service->protocol), service->port, cast->host->family == 4 ? "203.0.113.200" : "2001:db8::200");
}

/* A range of ports, of which the first that is free is taken. */
static void forward_range(struct scenario *scenario, struct service *service, const struct cast *cast)
{
	char to[80], address[64];

	service->seen = *cast->host;
	service->server = cast->inner[pick(scenario, cast->n_inner)];
	endpoint_text(&service->server, service->port, to);
	snprintf(service->rule[0], MOST_RULE, "PREROUTING -d %s -p %s -m %s --dport %u -j DNAT --to-destination %s-%u",
		 address_text(cast->host, address), protocol_text(service->protocol), protocol_text(service->protocol), service->seen_port, to,
		 service->port + 3);
}

typedef void plan_function(struct scenario *scenario, struct service *service, const struct cast *cast);

static void plan_services(struct scenario *scenario, struct nat *nat, const struct cast *cast)
{
	static plan_function *const of_router[] = { forward_port, forward_port, redirect_inside, redirect_here, turn_own, bend_hairpin, map_network,
						    disguise_clients, forward_range };
	static plan_function *const of_host[] = { redirect_here, turn_own, disguise_clients };
	static const uint8_t protocols[] = { 6, 6, 17, 17, 132 };
	static const unsigned seen_ports[] = { 80, 8080, 53, 2222 }, ports[] = { 80, 3128, 5353, 22 };
	unsigned n = pick(scenario, MOST_SERVICES + 1);

	for (unsigned i = 0; i < n; i++) {
		struct service *service = &nat->services[nat->n_services++];

		service->protocol = protocols[pick(scenario, 5)];
		service->seen_port = seen_ports[i];
		service->port = ports[pick(scenario, 4)];
		if (scenario->is_router)
			of_router[pick(scenario, sizeof(of_router) / sizeof(of_router[0]))](scenario, service, cast);
		else
			of_host[pick(scenario, sizeof(of_host) / sizeof(of_host[0]))](scenario, service, cast);
	}
}

void plan_nat(struct scenario *scenario, int family)
{
	struct nat *nat = &scenario->nat[family == 6];
	struct cast cast = find_cast(scenario, family);

	nat->is_there = true;
	nat->source = scenario->is_router ? (enum source_mapping)pick(scenario, 5) : SOURCE_KEPT;
	for (uint32_t i = 0; i < cast.n_inner; i++)
		nat->inner_seen[i] = nat->source == SOURCE_NETMAPPED ? move_node(&cast.inner[i], family == 4 ? "10.0.5.0" : "fd05::")
								     : *cast.host;
	plan_services(scenario, nat, &cast);
}

void pick_service_pair(struct scenario *scenario, struct service *service, struct pair *pair)
{
	struct cast cast = find_cast(scenario, service->seen.family);
	const struct node *client = service->client ? service->client : &cast.outer[pick(scenario, cast.n_outer)];

	*pair = (struct pair){ { client, &service->server },
			       { service->is_client_seen ? &service->client_seen : client, &service->seen }, service->port, service->seen_port };
}
