/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j CLUSTERIP: of the packets for an address that several hosts share, this one keeps its part. Linux 6.1, ipt_CLUSTERIP.c:
 * clusterip_tg(). Which nodes are this host's can change while a kernel runs (/proc/net/ipt_CLUSTERIP); here it does not.
 */
#include "base/cursor.h"
#include "base/jhash.h"
#include "rules/mac_address.h"
#include "rules/options.h"

enum { NEW, HASHMODE, CLUSTERMAC, TOTAL, NODE, HASH_INIT };

enum { MODE_SOURCE, MODE_SOURCE_PORT, MODE_PORTS };

enum { NODES_MOST = 16, IS_MULTICAST = 1 };

struct clusterip_config {
	struct option_marks marks;
	uint32_t mode, n_nodes, node, seed;
	uint8_t mac[MAC_ADDRESS_LEN];
};

static bool parse_mac(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct clusterip_config *clusterip = config;

	(void)place;
	if (!mac_address_parse(values, clusterip->mac, diagnostics))
		return false;
	if (clusterip->mac[0] & IS_MULTICAST)
		return true;
	diag_error(diagnostics, values->where, "its first number must be odd", "\"%s\" is not a multicast address", values->text);
	return false;
}

static void print_mac(const void *config, struct text *out)
{
	text_append(out, "--clustermac ");
	mac_address_print(((const struct clusterip_config *)config)->mac, out);
}

static const struct option_name modes[] = {
	{ "sourceip", MODE_SOURCE }, { "sourceip-sourceport", MODE_SOURCE_PORT },
	{ "sourceip-sourceport-destport", MODE_PORTS }, { NULL, 0 },
};

static const struct option_spec options[] = {
	{ .name = "new", .kind = OPTION_FLAG, .mark = NEW, .summary = "this rule makes the address a shared one" },
	{ .name = "hashmode", .kind = OPTION_NAME, .flags = OPTION_NAME_EXACT, .mark = HASHMODE,
	  .offset = offsetof(struct clusterip_config, mode), .names = modes, .value_name = "mode",
	  .summary = "what is hashed: sourceip, sourceip-sourceport, sourceip-sourceport-destport" },
	{ .name = "clustermac", .kind = OPTION_CUSTOM, .n_values = 1, .mark = CLUSTERMAC, .parse = parse_mac, .print = print_mac,
	  .value_name = "address", .summary = "MAC address at which all of them listen" },
	{ .name = "total-nodes", .kind = OPTION_NUMBER, .mark = TOTAL, .offset = offsetof(struct clusterip_config, n_nodes),
	  .max = NODES_MOST, .value_name = "number", .summary = "how many hosts share the address" },
	{ .name = "local-node", .kind = OPTION_NUMBER, .mark = NODE, .offset = offsetof(struct clusterip_config, node),
	  .max = NODES_MOST, .value_name = "number", .summary = "which of them this one is" },
	{ .name = "hash-init", .kind = OPTION_NUMBER, .mark = HASH_INIT, .offset = offsetof(struct clusterip_config, seed),
	  .max = UINT32_MAX, .value_name = "number", .summary = "the same on all of them; 0" },
};

/* iptables takes none of them, too, but the kernel does not: a further rule for the address must say its MAC address again. */
static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct option_marks *marks = config;
	uint32_t whole = 1 << NEW | 1 << HASHMODE | 1 << CLUSTERMAC | 1 << TOTAL | 1 << NODE;

	if ((marks->seen & whole) == whole)
		return true;
	diag_error(diagnostics, place->where, NULL,
		   "CLUSTERIP needs --new, --hashmode, --clustermac, --total-nodes and --local-node together");
	return false;
}

/* Two numbers of 16 bits that protocols with ports, or an SPI, begin with. Linux 6.1, proto_ports_offset(). */
static void read_ports(const struct packet *packet, uint16_t ports[2])
{
	static const uint8_t at_the_start[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_DCCP, PROTOCOL_ESP, PROTOCOL_SCTP, PROTOCOL_UDPLITE };
	enum { AH_SPI_OFFSET = 4 };
	bool has_them = packet->protocol == PROTOCOL_AH;
	struct cursor cursor;

	ports[0] = ports[1] = 0;
	for (unsigned i = 0; i < sizeof(at_the_start); i++)
		has_them = has_them || packet->protocol == at_the_start[i];
	if (!has_them)
		return;
	cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset + (packet->protocol == PROTOCOL_AH ? AH_SPI_OFFSET : 0));
	for (unsigned i = 0; i < 2; i++)
		ports[i] = cursor_u16(&cursor);
	if (cursor.failed)
		ports[0] = ports[1] = 0;
}

/* The kernel hashes ports as they lie in memory: on the reference machine with their bytes swapped. */
static uint32_t swap(uint16_t port)
{
	return (uint16_t)(port << 8 | port >> 8);
}

static uint32_t find_node(const struct clusterip_config *clusterip, const struct packet *packet)
{
	uint32_t words[3] = { address_ipv4(&packet->source) };
	uint16_t ports[2];

	read_ports(packet, ports);
	words[1] = swap(ports[0]);
	words[2] = swap(ports[1]);
	return jhash_scale(jhash(words, clusterip->mode + 1, clusterip->seed), clusterip->n_nodes) + 1;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct clusterip_config *clusterip = config;
	const struct tracking *tracking = subject->tracking;
	uint32_t node;

	(void)state;
	if (!tracking->connection)
		return TARGET_DROP;
	if (tracking->ctstate == CTSTATE_RELATED && subject->packet->protocol == PROTOCOL_ICMP)
		return TARGET_CONTINUE;
	node = find_node(clusterip, subject->packet);
	if (tracking->ctstate == CTSTATE_NEW && subject->connections)
		subject->connections->change_mark(subject->connections, tracking, node);
	return node == clusterip->node ? TARGET_CONTINUE : TARGET_DROP;
}

static void print(const void *config, struct text *out)
{
	const struct clusterip_config *clusterip = config;

	options_print(options, HASH_INIT, config, out);
	text_printf(out, " --hash-init %u", clusterip->seed);
}

static void list(const void *config, struct text *out)
{
	const struct clusterip_config *clusterip = config;

	text_printf(out, " CLUSTERIP hashmode=%s clustermac=", modes[clusterip->mode].name);
	mac_address_print(clusterip->mac, out);
	text_printf(out, " total_nodes=%u local_node=%u hash_init=%u", clusterip->n_nodes, clusterip->node, clusterip->seed);
}

const struct target_type target_clusterip = {
	.name = "CLUSTERIP",
	.summary = "this host's part of the packets for an address that several share; drop the others",
	.class = EXTENSION_EXACT,
	.basis = "as Linux 6.1 has it; the reference kernel does not",
	.families = EXTENSION_IPV4,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct clusterip_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
