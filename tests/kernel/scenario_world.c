/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world of a scenario, and the packets in it. */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

/* What is drawn comes from whoever chooses, in as many bytes as the range needs, and from the seed when nobody does any more. */
static bool take_choice(struct scenario *scenario, size_t n_bytes, uint64_t *value)
{
	if (scenario->n_choices < n_bytes)
		return false;
	*value = 0;
	for (size_t i = 0; i < n_bytes; i++)
		*value = *value << 8 | scenario->choices[i];
	scenario->choices += n_bytes;
	scenario->n_choices -= n_bytes;
	return true;
}

uint32_t pick(struct scenario *scenario, uint32_t n)
{
	uint64_t choice;

	if (take_choice(scenario, n > 256 ? 4 : 1, &choice))
		return (uint32_t)(choice % n);
	return (uint32_t)(random_u64(&scenario->random) >> 16) % n;
}

bool chance(struct scenario *scenario, unsigned percent)
{
	return pick(scenario, 100) < percent;
}

int64_t pick_ns(struct scenario *scenario, int64_t low, int64_t high)
{
	uint64_t span = (uint64_t)(high - low) / 1000 + 1, choice;

	if (take_choice(scenario, 4, &choice))
		return low + (int64_t)(choice % span) * 1000;
	return low + (int64_t)((random_u64(&scenario->random) >> 1) % span) * 1000;
}

int64_t pick_gap(struct scenario *scenario)
{
	return chance(scenario, 70) ? pick_ns(scenario, 1 * MS, 90 * MS) : pick_ns(scenario, 90 * MS, 1400 * MS);
}

/* What entries live: exactly, a tick more or less, some more or less; or any time. */
int64_t pick_silence(struct scenario *scenario)
{
	static const int lives[] = { 3, 10, 30, 30, 60, 60, 120, 120, 180, 210, 300, 600, 432000 };
	/* Days cost a kernel in virtual time more than seconds do, and its clock's readers nothing. */
	uint32_t n_lives = sizeof(lives) / sizeof(lives[0]) - (scenario->reads_clock ? 2 : 0);
	int64_t life = lives[pick(scenario, n_lives)] * SECOND;

	switch (pick(scenario, 8)) {
	case 0:
		return life - TICK;
	case 1:
		return life;
	case 2:
		return life + TICK;
	case 3:
	case 4:
		return life - pick_ns(scenario, 2 * TICK, 900 * MS);
	case 5:
	case 6:
		return life + pick_ns(scenario, 2 * TICK, 900 * MS);
	default:
		return scenario->reads_clock || chance(scenario, 85) ? pick_ns(scenario, 3 * SECOND, 400 * SECOND) : pick_ns(scenario, DAY, 6 * DAY);
	}
}

static void fill_group_mac(uint8_t *mac, const struct ip_packet *packet)
{
	static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const uint8_t *to = packet->bytes + (packet->bytes[0] >> 4 == 4 ? 16 : 24);

	if (packet->bytes[0] >> 4 == 6 && to[0] == 0xff) {
		put16(mac, 0x3333);
		memcpy(mac + 2, to + 12, 4);
	} else if (packet->bytes[0] >> 4 == 4 && (to[0] & 0xf0) == 0xe0) {
		memcpy(mac, "\x01\x00\x5e", 3);
		mac[3] = to[1] & 0x7f;
		memcpy(mac + 4, to + 2, 2);
	} else if (packet->bytes[0] >> 4 == 4 && to[3] == 255) {
		memcpy(mac, everyone, 6);
	}
}

struct pair make_pair(const struct node *a, const struct node *b)
{
	return (struct pair){ .node = { a, b }, .seen = { a, b } };
}

static void note_translation(struct frame *frame, const struct pair *pair, int from)
{
	frame->seen_source = *pair->seen[from];
	frame->real_destination = *pair->node[!from];
	frame->is_source_port = from == 1;
	frame->mapped_port = from == 1 ? pair->seen_port : pair->port;
}

static const char *area_of(const struct scenario *scenario, const struct ip_packet *packet, const struct pair *pair)
{
	bool is_ipv4 = packet->bytes[0] >> 4 == 4;

	if (is_ipv4 ? read16(packet->bytes + 6) & 0x3fff : packet->bytes[6] == 44)
		return "fragments";
	if (pair->node[0] != pair->seen[0] || pair->node[1] != pair->seen[1] || pair->port != pair->seen_port)
		return "nat";
	return scenario->area;
}

struct frame *put_frame(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair,
			int from)
{
	static const uint8_t host_mac[6] = { 2, 0, 0, 0, 0, 1 }, peer_mac[6] = { 2, 0xaa, 0, 0, 0, 1 };
	const struct node *sender = pair->node[from];
	struct frame *frame;

	if (scenario->n_frames == MOST_FRAMES)
		return NULL;
	frame = &scenario->frames[scenario->n_frames];
	frame->time_ns = time_ns;
	frame->order = (unsigned)scenario->n_frames;
	frame->area = area_of(scenario, packet, pair);
	note_translation(frame, pair, from);
	memcpy(frame->bytes, sender->is_host ? peer_mac : host_mac, 6);
	memcpy(frame->bytes + 6, sender->is_host ? host_mac : sender->mac, 6);
	put16(frame->bytes + 12, packet->bytes[0] >> 4 == 4 ? 0x0800 : 0x86dd);
	fill_group_mac(frame->bytes, packet);
	memcpy(frame->bytes + 14, packet->bytes, packet->len);
	frame->len = 14 + packet->len;
	scenario->n_frames++;
	return frame;
}

void put_packet(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair, int from)
{
	const char *area = scenario->area;
	struct ip_packet bent;

	if (chance(scenario, scenario->percent_split)) {
		put_fragments(scenario, time_ns, packet, pair, from);
		return;
	}
	if (!pair->node[from]->is_host && chance(scenario, scenario->percent_bent)) {
		bent = *packet;
		bend_header(scenario, &bent);
		scenario->area = "headers";
		packet = &bent;
	}
	put_frame(scenario, time_ns, packet, pair, from);
	scenario->area = area;
}

/* Any of a family's nodes beyond an interface. */
static const struct node *pick_node(struct scenario *scenario, int family, bool is_inner)
{
	if (family == 6)
		return is_inner ? &scenario->inner6[pick(scenario, (uint32_t)scenario->n_inner6)]
				: &scenario->outer6[pick(scenario, (uint32_t)scenario->n_outer6)];
	return is_inner ? &scenario->inner[pick(scenario, (uint32_t)scenario->n_inner)]
			: &scenario->outer[pick(scenario, (uint32_t)scenario->n_outer)];
}

static void swap_pair(struct pair *pair)
{
	*pair = (struct pair){ { pair->node[1], pair->node[0] }, { pair->seen[1], pair->seen[0] }, 0, 0 };
}

static bool find_service_pair(struct scenario *scenario, struct nat *nat, uint8_t protocol, struct pair *pair)
{
	struct service *service;

	if (!nat->n_services || chance(scenario, 45))
		return false;
	service = &nat->services[pick(scenario, (uint32_t)nat->n_services)];
	if (service->protocol && service->protocol != protocol)
		return false;
	pick_service_pair(scenario, service, pair);
	return true;
}

void pick_pair(struct scenario *scenario, int family, uint8_t protocol, struct pair *pair)
{
	struct nat *nat = &scenario->nat[family == 6];
	const struct node *inner;

	if (nat->is_there && find_service_pair(scenario, nat, protocol, pair))
		return;
	if (scenario->is_router && chance(scenario, 75)) {
		inner = pick_node(scenario, family, true);
		*pair = make_pair(inner, pick_node(scenario, family, false));
		if (nat->source != SOURCE_KEPT && chance(scenario, 90)) {
			pair->seen[0] = &nat->inner_seen[inner - (family == 6 ? scenario->inner6 : scenario->inner)];
			return;
		}
	} else if (scenario->is_router && chance(scenario, 50)) {
		*pair = make_pair(family == 6 ? &scenario->host6_inner : &scenario->host4_inner, pick_node(scenario, family, true));
	} else {
		*pair = make_pair(family == 6 ? &scenario->host6 : &scenario->host4, pick_node(scenario, family, false));
	}
	if (chance(scenario, 60))
		swap_pair(pair);
}

static void make_world(struct scenario *scenario, uint64_t seed)
{
	static const char *const outer[] = { "10.0.0.2", "10.0.0.7", "10.0.0.130", "198.51.100.4", "198.51.100.77",
					     "203.0.113.9", "192.0.2.33", "8.8.8.8" };
	static const char *const inner[] = { "192.168.1.10", "192.168.1.20", "192.168.1.131" };
	static const char *const inner6[] = { "fd01::10", "fd01::20", "fd01::dead" };
	static const char *const outer6[] = { "fd00::2", "fd00::beef", "2001:db8::9", "2001:db8:1::53" };

	random_init(&scenario->random, seed);
	scenario->is_router = pick(scenario, 3) == 0;
	scenario->has_ipv6 = chance(scenario, 35);
	scenario->reads_clock = chance(scenario, 6);
	scenario->percent_split = chance(scenario, 35) ? 5 + pick(scenario, 40) : 0;
	scenario->percent_bent = chance(scenario, 35) ? 2 + pick(scenario, 10) : 0;
	scenario->host4 = make_node(4, "10.0.0.1", 0);
	scenario->host4_inner = make_node(4, "192.168.1.1", 0);
	scenario->host6 = make_node(6, "fd00::1", 0);
	scenario->host6_inner = make_node(6, "fd01::1", 0);
	scenario->host4.is_host = scenario->host4_inner.is_host = scenario->host6.is_host = scenario->host6_inner.is_host = true;
	scenario->n_outer = 2 + pick(scenario, 4);
	for (size_t i = 0; i < scenario->n_outer; i++) {
		unsigned which = (unsigned)((i * 3 + seed) % (sizeof(outer) / sizeof(outer[0])));

		scenario->outer[i] = make_node(4, outer[which], 0x10 + which);
	}
	scenario->n_inner = sizeof(inner) / sizeof(inner[0]);
	for (unsigned i = 0; i < scenario->n_inner; i++)
		scenario->inner[i] = make_node(4, inner[i], 0x40 + i);
	scenario->n_outer6 = sizeof(outer6) / sizeof(outer6[0]);
	for (unsigned i = 0; i < scenario->n_outer6; i++)
		scenario->outer6[i] = make_node(6, outer6[i], 0x60 + i);
	scenario->n_inner6 = sizeof(inner6) / sizeof(inner6[0]);
	for (unsigned i = 0; i < scenario->n_inner6; i++)
		scenario->inner6[i] = make_node(6, inner6[i], 0x70 + i);
	if (chance(scenario, 45))
		plan_nat(scenario, 4);
	if (scenario->has_ipv6 && chance(scenario, 40))
		plan_nat(scenario, 6);
}

struct conversation {
	const char *area;
	unsigned weight;
	unsigned families;
	void (*hold)(struct scenario *scenario, int family, int64_t start_ns);
};

enum { IPV4 = 1, IPV6 = 2, BOTH = 3 };

static const struct conversation conversations[] = {
	{ "tcp", 38, BOTH, converse_tcp },
	{ "tcp", 3, BOTH, flood_syn },
	{ "tcp", 4, IPV4, knock_ports },
	{ "udp", 16, BOTH, converse_udp },
	{ "icmp", 9, BOTH, converse_echo },
	{ "icmp", 6, BOTH, converse_odd_icmp },
	{ "icmp", 4, IPV6, converse_neighbours },
	{ "sctp", 9, BOTH, converse_sctp },
	{ "gre", 4, BOTH, converse_gre },
	{ "generic", 4, BOTH, converse_generic },
	{ "groups", 5, BOTH, converse_group },
};

enum { N_CONVERSATIONS = sizeof(conversations) / sizeof(conversations[0]) };

static void converse_once(struct scenario *scenario, int family, int64_t start_ns)
{
	unsigned sum = 0, drawn;

	for (size_t i = 0; i < N_CONVERSATIONS; i++)
		sum += conversations[i].weight;
	drawn = pick(scenario, sum);
	for (size_t i = 0; i < N_CONVERSATIONS; i++) {
		if (drawn < conversations[i].weight) {
			scenario->area = conversations[i].area;
			if (conversations[i].families & (family == 6 ? IPV6 : IPV4))
				conversations[i].hold(scenario, family, start_ns);
			return;
		}
		drawn -= conversations[i].weight;
	}
}

static void converse(struct scenario *scenario)
{
	size_t wanted = 20 + pick(scenario, 110);

	for (unsigned i = 0; i < 40 && scenario->n_frames < wanted; i++) {
		int family = scenario->has_ipv6 && chance(scenario, 50) ? 6 : 4;
		int64_t latest = chance(scenario, 70) ? 8 * SECOND : 700 * SECOND;

		converse_once(scenario, family, pick_ns(scenario, 0, latest));
	}
	scenario->area = "icmp errors";
	add_errors(scenario);
}

static int compare_frames(const void *left, const void *right)
{
	const struct frame *a = left, *b = right;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void make_scenario(struct scenario *scenario, uint64_t seed)
{
	renumber_packets();
	make_world(scenario, seed);
	converse(scenario);
	qsort(scenario->frames, scenario->n_frames, sizeof(scenario->frames[0]), compare_frames);
}

/* Some say more than one thing of one setting: the last one counts. */
static void write_sysctls(struct scenario *scenario, FILE *out)
{
	static const char *const sysctls[] = {
		"netfilter.nf_conntrack_tcp_loose=0", "netfilter.nf_conntrack_tcp_loose=0", "netfilter.nf_conntrack_tcp_be_liberal=1",
		"netfilter.nf_conntrack_tcp_ignore_invalid_rst=1", "netfilter.nf_conntrack_tcp_max_retrans=1", "netfilter.nf_conntrack_tcp_max_retrans=0",
		"netfilter.nf_conntrack_checksum=0", "netfilter.nf_conntrack_acct=1", "netfilter.nf_conntrack_acct=1",
		"netfilter.nf_conntrack_udp_timeout=10", "netfilter.nf_conntrack_udp_timeout_stream=60", "netfilter.nf_conntrack_icmp_timeout=3",
		"netfilter.nf_conntrack_icmpv6_timeout=60", "netfilter.nf_conntrack_generic_timeout=30", "netfilter.nf_conntrack_gre_timeout_stream=60",
		"netfilter.nf_conntrack_tcp_timeout_syn_sent=30", "netfilter.nf_conntrack_tcp_timeout_syn_recv=10",
		"netfilter.nf_conntrack_tcp_timeout_established=600", "netfilter.nf_conntrack_tcp_timeout_unacknowledged=60",
		"netfilter.nf_conntrack_tcp_timeout_max_retrans=30", "netfilter.nf_conntrack_tcp_timeout_time_wait=10",
		"netfilter.nf_conntrack_tcp_timeout_close=3", "netfilter.nf_conntrack_sctp_timeout_established=120",
		"netfilter.nf_conntrack_sctp_timeout_cookie_wait=10", "netfilter.nf_conntrack_sctp_timeout_heartbeat_sent=10",
		"ipv4.ip_forward=0", "ipv4.conf.all.rp_filter=1", "ipv4.conf.all.rp_filter=2",
		"ipv4.conf.eth0.rp_filter=1", "ipv4.conf.all.accept_local=0", "ipv4.conf.all.route_localnet=0", "ipv4.conf.all.src_valid_mark=1",
		"ipv6.conf.all.forwarding=0",
	};

	for (unsigned n = chance(scenario, 40) ? 1 + pick(scenario, 3) : 0; n > 0; n--)
		fprintf(out, "--sysctl\nnet.%s\n", sysctls[pick(scenario, sizeof(sysctls) / sizeof(sysctls[0]))]);
}

void write_arguments(struct scenario *scenario, FILE *out)
{
	/* Every frame of the capture came in, or is of the host. */
	fprintf(out, "--captured-on\narriving\n--local\n10.0.0.1/24@eth0\n");
	if (scenario->has_ipv6)
		fprintf(out, "--local\nfd00::1/64@eth0\n");
	if (scenario->is_router)
		fprintf(out, "--local\n192.168.1.1/24@eth1\n--route\ndefault@eth0\n");
	if (scenario->is_router && scenario->has_ipv6)
		fprintf(out, "--local\nfd01::1/64@eth1\n");
	write_sysctls(scenario, out);
}
