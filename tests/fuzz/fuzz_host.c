/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a host file: a topology that can be finished and asked, and finds the same route by its rows and without; or a message. */
#include "fuzz.h"

#include "host/fib.h"
#include "host/host_file.h"
#include "json_mutator.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/host", NULL };

const char *const json_keys[] = {
	"interfaces", "routes", "rules", "groups", "sysctls", "name", "ifname", "addresses", "addr_info", "local", "prefixlen", "mac", "mtu",
	"forwarding", "rp_filter", "accept_local", "route_localnet", "src_valid_mark", "to", "dst", "via", "gateway", "dev", "type", "table",
	"metric", "metrics", "src", "prefsrc", "family", "nexthops", "weight", "flags", "priority", "from", "srclen", "dstlen", "fwmark", "fwmask",
	"iif", "oif", "tos", "not", "action", "suppress_prefixlength", "ipproto", "sport", "dport", "sport_start", "sport_end", "dport_start",
	"dport_end", "goto", "group", "net.ipv4.ip_forward", "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_udp_timeout", NULL,
};

const char *const json_words[] = {
	"", "eth0", "eth1", "lo", "a-name-of-an-interface-too-long", "10.0.0.1", "10.0.0.1/24", "10.0.0.0/8", "0.0.0.0/0", "default", "127.0.0.1/8",
	"255.255.255.255", "224.0.0.1", "2001:db8::1/64", "::/0", "fe80::1", "ff02::1", "::ffff:10.0.0.1", "10.0.0.1/33", "2001:db8::1/129",
	"52:54:00:12:34:56", "unicast", "local", "blackhole", "unreachable", "prohibit", "throw", "broadcast", "multicast", "anycast", "main",
	"inet", "inet6", "0x1", "0x1/0xff", "0xffffffff", "4294967296", "-1", "tcp", "udp", "80-90", "90-80", "65536", "to_tbl", "nop", NULL,
};

static void ask_route(const struct topology *topology, const struct fib_flow *flow)
{
	struct fib_answer by_rows, searched;

	fib_lookup(topology, flow, &by_rows);
	fib_search(topology, flow, &searched);
	MUST(by_rows.is_found == searched.is_found);
	if (!searched.is_found)
		return;
	MUST(by_rows.type == searched.type && by_rows.route == searched.route && by_rows.rule == searched.rule);
	MUST((by_rows.interface == NULL) == (searched.interface == NULL));
	MUST(!searched.interface || strcmp(by_rows.interface, searched.interface) == 0);
	if (searched.route) {
		fib_mtu(searched.route);
		fib_forwarding_mtu(searched.route);
		fib_leads_by(topology, &searched, topology_first_interface(topology));
	}
}

/* About one address, as packets from and to it do. */
static void ask_about(const struct topology *topology, enum family family, const struct address *address)
{
	const char *first = topology_first_interface(topology);
	const char *owner = topology_interface_of(topology, family, address);

	MUST(!owner || topology_find_interface_by_name(topology, owner));
	topology_is_local(topology, family, address);
	topology_is_broadcast(topology, family, address);
	if (family == FAMILY_IPV4)
		topology_is_subnet_broadcast(topology, address, first);
	topology_has_joined(topology, family, address, first);
	fib_is_behind(topology, family, address, first);
	for (uint32_t mark = 0; mark < 2; mark++) {
		struct fib_flow flow = { .family = family, .destination = address, .mark = mark };

		ask_route(topology, &flow);
		flow.source = address;
		flow.in = first;
		flow.protocol = 6;
		flow.source_port = flow.destination_port = 80;
		ask_route(topology, &flow);
	}
}

static void ask(const struct topology *topology)
{
	struct address address = address_from_ipv4(0x0a000001);
	enum family family;
	struct text text;

	text_init(&text);
	topology_print(topology, &text);
	MUST(fib_interface_towards(topology, FAMILY_IPV4, &address) != NULL);
	text_clear(&text);
	for (size_t i = 0; json_words[i]; i++)
		if (address_parse(json_words[i], strlen(json_words[i]), &family, &address))
			ask_about(topology, family, &address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct conntrack_settings settings;
	struct topology topology;
	struct sysctls sysctls = { .topology = &topology, .settings = &settings };
	struct diagnostics diagnostics;
	struct source source;
	struct text text;

	if (len > 65536)
		return 0;
	diag_init(&diagnostics);
	text_init(&text);
	settings_init(&settings);
	topology_init(&topology);
	source_init(&source, "fuzz", (const char *)data, len);
	if (host_file_read(&sysctls, &source, &diagnostics)) {
		MUST(diagnostics.n_errors == 0);
		topology_finish(&topology);
		ask(&topology);
	} else {
		MUST(diagnostics.n_errors > 0);
	}
	diag_print(&diagnostics, &text);
	diag_clear(&diagnostics);
	topology_clear(&topology);
	source_clear(&source);
	text_clear(&text);
	return 0;
}

#include "replay.h"
