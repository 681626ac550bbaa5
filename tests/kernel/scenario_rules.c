/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulesets, as iptables-save prints them: templates of what people write, salted with random rules.
 * Rules are collected in lists, one a chain, so that salt can fall anywhere.
 */
#include <stdarg.h>
#include <string.h>

#include "scenario.h"
#include "scenario_parts.h"

enum { MOST_RULES = 40, MOST_CHAINS = 24, MOST_TRIES = 50 };

struct chain {
	const char *table, *name;
	const char *policy;	/* "-": a user chain */
	char rules[MOST_RULES][MOST_RULE];
	size_t n_rules;
};

struct writer {
	struct scenario *scenario;
	int family;
	struct chain chains[MOST_CHAINS];
	size_t n_chains;
};

static struct chain *find_chain(struct writer *writer, const char *table, const char *name)
{
	for (size_t i = 0; i < writer->n_chains; i++)
		if (strcmp(writer->chains[i].table, table) == 0 && strcmp(writer->chains[i].name, name) == 0)
			return &writer->chains[i];
	return NULL;
}

static void add_chain(struct writer *writer, const char *table, const char *name, const char *policy)
{
	struct chain *chain = &writer->chains[writer->n_chains++];

	chain->table = table;
	chain->name = name;
	chain->policy = policy;
	chain->n_rules = 0;
}

__attribute__((format(printf, 4, 5)))
static void rule(struct writer *writer, const char *table, const char *name, const char *format, ...)
{
	struct chain *chain = find_chain(writer, table, name);
	va_list arguments;

	if (!chain || chain->n_rules == MOST_RULES)
		return;
	va_start(arguments, format);
	vsnprintf(chain->rules[chain->n_rules++], MOST_RULE, format, arguments);
	va_end(arguments);
}

static bool maybe(struct writer *writer, unsigned percent)
{
	return chance(writer->scenario, percent);
}

/* May a part with these traits stand in a chain? `is_tcp`: behind a match of TCP alone. */
static bool fits(const struct writer *writer, unsigned traits, const char *table, const char *chain, bool is_tcp)
{
	bool is_inbound = strcmp(chain, "PREROUTING") == 0 || strcmp(chain, "INPUT") == 0 || strcmp(chain, "FORWARD") == 0;
	bool is_output = strcmp(chain, "OUTPUT") == 0 || strcmp(chain, "POSTROUTING") == 0;

	if ((traits & PART_IPV4 && writer->family != 4) || (traits & PART_IPV6 && writer->family != 6))
		return false;
	if ((traits & PART_INBOUND && !is_inbound) || (traits & PART_OUTPUT && !is_output))
		return false;
	if (traits & PART_CLOCK && !writer->scenario->reads_clock)
		return false;
	if (traits & PART_PREROUTING && (strcmp(chain, "PREROUTING") != 0 || strcmp(table, "filter") == 0))
		return false;
	if (traits & PART_LAST && strcmp(chain, "INPUT") != 0 && strcmp(chain, "POSTROUTING") != 0)
		return false;
	if (traits & PART_WHOLE && writer->scenario->percent_split)
		return false;
	return is_tcp || !(traits & PART_TCP);
}

static const char *pick_part(struct writer *writer, const struct part_group *group, const char *table, const char *chain, bool is_tcp)
{
	for (int i = 0; i < MOST_TRIES; i++) {
		const struct part *part = &group->parts[pick(writer->scenario, (uint32_t)group->n_parts)];

		if (fits(writer, part->traits, table, chain, is_tcp))
			return part->text;
	}
	return "";
}

/* A random match of any kind that may stand there; "": none. */
static const char *pick_match(struct writer *writer, const char *table, const char *chain, bool *is_tcp)
{
	unsigned sum = 0;
	uint32_t drawn;

	*is_tcp = false;
	for (size_t i = 0; i < n_match_groups; i++)
		sum += match_groups[i].weight;
	for (int try = 0; try < MOST_TRIES; try++) {
		const struct part_group *group = match_groups;
		const struct part *part;

		for (drawn = pick(writer->scenario, sum); drawn >= group->weight; group++)
			drawn -= group->weight;
		part = &group->parts[pick(writer->scenario, (uint32_t)group->n_parts)];
		if (!fits(writer, part->traits, table, chain, true))
			continue;
		*is_tcp = part->traits & PART_TCP;
		return part->text;
	}
	return "";
}

static const char *rejection(struct writer *writer, bool is_tcp)
{
	return pick_part(writer, &rejections, "filter", "INPUT", is_tcp);
}

static const char *subnet(const struct writer *writer)
{
	return writer->family == 4 ? "10.0.0.0/24" : "fd00::/64";
}

static const char *host_address(const struct writer *writer)
{
	return writer->family == 4 ? "10.0.0.1/32" : "fd00::1/128";
}

static const char *icmp(const struct writer *writer)
{
	return writer->family == 4 ? "icmp" : "ipv6-icmp";
}

static const char *established(struct writer *writer)
{
	static const char *const choices[] = { "-m state --state RELATED,ESTABLISHED", "-m conntrack --ctstate RELATED,ESTABLISHED",
					       "-m conntrack --ctstate ESTABLISHED", "-m conntrack ! --ctstate INVALID,NEW",
					       "-m conntrack --ctstate RELATED,ESTABLISHED,UNTRACKED" };

	return choices[pick(writer->scenario, 5)];
}

/* One random rule of filter. */
static void salt_chain(struct writer *writer, const char *name, const char *user_chain)
{
	bool is_tcp;
	const char *match = pick_match(writer, "filter", name, &is_tcp);
	uint32_t kind = pick(writer->scenario, 100);

	if (user_chain && kind < 16)
		rule(writer, "filter", name, "%s %s %s", match, maybe(writer, 75) ? "-j" : "-g", user_chain);
	else if (kind < 28)
		rule(writer, "filter", name, "%s %s", match, rejection(writer, is_tcp));
	else
		rule(writer, "filter", name, "%s %s", match, pick_part(writer, &plain_targets, "filter", name, is_tcp));
}

static void salt(struct writer *writer, const char *name, unsigned most)
{
	for (unsigned n = pick(writer->scenario, most + 1); n > 0; n--)
		salt_chain(writer, name, "side");
}

static void last_word(struct writer *writer, const char *name)
{
	if (maybe(writer, 25))
		rule(writer, "filter", name, "-j LOG --log-prefix \"end: \" --log-level 4");
	if (maybe(writer, 45)) {
		rule(writer, "filter", name, "-p tcp -j REJECT --reject-with tcp-reset");
		if (maybe(writer, 60))
			rule(writer, "filter", name, "%s", rejection(writer, false));
	}
}

static void write_server(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-i lo -j ACCEPT");
	if (maybe(writer, 50))
		rule(writer, "filter", name, "-m conntrack --ctstate INVALID -j DROP");
	salt(writer, name, 2);
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	rule(writer, "filter", name, "-p tcp -m multiport --dports 22,80,443 -m conntrack --ctstate NEW%s -j ACCEPT",
	     maybe(writer, 50) ? " -m tcp --tcp-flags FIN,SYN,RST,ACK SYN" : "");
	rule(writer, "filter", name, "-p udp -m udp --dport 53 -j ACCEPT");
	rule(writer, "filter", name, "-p %s -j ACCEPT", maybe(writer, 50) ? icmp(writer) : "sctp");
	salt(writer, name, 3);
	last_word(writer, name);
}

static void write_workstation(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	salt(writer, name, 2);
	rule(writer, "filter", name, "-s %s -p tcp -m tcp --dport 22 -j ACCEPT", subnet(writer));
	rule(writer, "filter", name, "-p %s -j ACCEPT", icmp(writer));
	last_word(writer, name);
}

static void write_strict_states(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-m state --state INVALID -j LOG --log-prefix \"invalid \"");
	rule(writer, "filter", name, "-m state --state INVALID %s", maybe(writer, 50) ? "-j DROP" : rejection(writer, false));
	rule(writer, "filter", name, "-p tcp -m conntrack --ctstate ESTABLISHED -j ACCEPT");
	rule(writer, "filter", name, "-p udp -m conntrack --ctstate ESTABLISHED -j ACCEPT");
	rule(writer, "filter", name, "-m state --state RELATED -j ACCEPT");
	rule(writer, "filter", name, "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j %s",
	     maybe(writer, 50) ? "DROP" : "REJECT --reject-with tcp-reset");
	salt(writer, name, 3);
	rule(writer, "filter", name, "-m state --state NEW -j ACCEPT");
}

static void write_knocking(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	rule(writer, "filter", name, "-p tcp -m tcp --dport 22 -m mark --mark 0x2 -j ACCEPT");
	rule(writer, "filter", name, "-p tcp -m tcp --dport 7000:9000 -j DROP");
	salt(writer, name, 3);
	rule(writer, "filter", name, "-p tcp -m tcp --dport 80 -m connmark --mark 0x1 -j ACCEPT");
}

static void write_chains(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-p tcp -j side");
	salt(writer, name, 2);
	rule(writer, "filter", name, "-p udp -g deep");
	rule(writer, "filter", name, "-p %s -m length --length 0:90 -j side", icmp(writer));
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	salt(writer, name, 4);
	rule(writer, "filter", name, "-d %s -m conntrack --ctstate NEW -j ACCEPT", host_address(writer));
}

static void write_salt_only(struct writer *writer, const char *name)
{
	salt(writer, name, 10);
	salt_chain(writer, name, NULL);
}

static void write_logging(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-m conntrack --ctstate NEW -j LOG --log-prefix \"new \"");
	rule(writer, "filter", name, "-m conntrack --ctstate ESTABLISHED --ctdir REPLY");
	rule(writer, "filter", name, "-m conntrack --ctstatus ASSURED");
	rule(writer, "filter", name, "-m conntrack --ctstate NEW,ESTABLISHED -m addrtype --dst-type %s -j ACCEPT", maybe(writer, 70) ? "LOCAL" : "UNICAST");
	salt(writer, name, 4);
}

typedef void write_function(struct writer *writer, const char *name);

static void write_filter(struct writer *writer)
{
	static write_function *const templates[] = { write_server, write_workstation, write_strict_states, write_knocking, write_chains,
						     write_salt_only, write_logging };
	static const char *const chains[] = { "INPUT", "FORWARD", "OUTPUT" };

	for (size_t i = 0; i < 3; i++)
		add_chain(writer, "filter", chains[i], maybe(writer, i == 2 ? 15 : 50) ? "DROP" : "ACCEPT");
	add_chain(writer, "filter", "side", "-");
	add_chain(writer, "filter", "deep", "-");
	for (unsigned n = 1 + pick(writer->scenario, 4); n > 0; n--)
		salt_chain(writer, "side", "deep");
	for (unsigned n = 1 + pick(writer->scenario, 3); n > 0; n--)
		salt_chain(writer, "deep", NULL);
	for (size_t i = 0; i < 2; i++)
		templates[pick(writer->scenario, sizeof(templates) / sizeof(templates[0]))](writer, chains[i]);
	if (maybe(writer, 40) || strcmp(find_chain(writer, "filter", "OUTPUT")->policy, "DROP") == 0) {
		rule(writer, "filter", "OUTPUT", "%s -j ACCEPT", established(writer));
		salt(writer, "OUTPUT", 4);
		rule(writer, "filter", "OUTPUT", "-p %s -j ACCEPT", maybe(writer, 50) ? "tcp" : "udp");
	}
}

static void write_raw(struct writer *writer)
{
	static const char *const exempt[] = { "-p udp -m udp --dport 53", "-p udp -m udp --sport 53", "-p tcp -m tcp --dport 80", "-p tcp -m tcp --sport 80",
					      "-p tcp -m tcp --dport 443 --tcp-flags FIN,SYN,RST,ACK SYN", "-p udp -m udp --dport 5353" };
	static const char *const chains[] = { "PREROUTING", "OUTPUT" };
	bool is_tcp;

	add_chain(writer, "raw", "PREROUTING", maybe(writer, 5) ? "DROP" : "ACCEPT");
	add_chain(writer, "raw", "OUTPUT", "ACCEPT");
	for (size_t i = 0; i < 2; i++)
		for (unsigned n = pick(writer->scenario, 4); n > 0; n--) {
			const char *match = maybe(writer, 60) ? exempt[pick(writer->scenario, 6)] : pick_match(writer, "raw", chains[i], &is_tcp);

			rule(writer, "raw", chains[i], "%s %s", match,
			     pick_part(writer, maybe(writer, 75) ? &raw_targets : &plain_targets, "raw", chains[i], false));
		}
	if (strcmp(find_chain(writer, "raw", "PREROUTING")->policy, "DROP") == 0)
		rule(writer, "raw", "PREROUTING", "-m length --length 0:200 -j ACCEPT");
}

static void write_mangle(struct writer *writer)
{
	static const char *const chains[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" };
	bool is_tcp;

	for (size_t i = 0; i < 5; i++)
		add_chain(writer, "mangle", chains[i], "ACCEPT");
	if (maybe(writer, 70))
		rule(writer, "mangle", "PREROUTING", "-m connmark ! --mark 0x0 -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff");
	rule(writer, "mangle", "PREROUTING", "-p tcp -m tcp --dport 22 -j MARK --set-xmark 0x2/0xffffffff");
	if (maybe(writer, 60))
		rule(writer, "mangle", "PREROUTING", "-m mark ! --mark 0x0 -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff");
	for (size_t i = 0; i < 5; i++)
		for (unsigned n = pick(writer->scenario, 4); n > 0; n--) {
			const char *target = pick_part(writer, maybe(writer, 85) ? &mangle_targets : &plain_targets, "mangle", chains[i], false);
			const char *match = strncmp(target, "-j", 2) != 0 ? "" : pick_match(writer, "mangle", chains[i], &is_tcp);

			rule(writer, "mangle", chains[i], "%s %s", match, target);
		}
}

/* "CHAIN rest" */
static void add_service_rule(struct writer *writer, const char *text)
{
	char chain[32];
	int len = 0;

	if (sscanf(text, "%31s %n", chain, &len) == 1)
		rule(writer, "nat", chain, "%s", text + len);
}

static void write_nat(struct writer *writer, const struct nat *nat)
{
	static const char *const chains[] = { "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING" };
	static const char *const sources4[] = { "", "-j MASQUERADE", "-j SNAT --to-source 10.0.0.1", "-j NETMAP --to 10.0.5.0/24",
						"-j SNAT --to-source 10.0.5.1-10.0.5.6" };
	static const char *const sources6[] = { "", "-j MASQUERADE", "-j SNAT --to-source fd00::1", "-j NETMAP --to fd05::/64",
						"-j SNAT --to-source fd05::1-fd05::6" };

	for (size_t i = 0; i < 4; i++)
		add_chain(writer, "nat", chains[i], "ACCEPT");
	if (maybe(writer, 10))
		rule(writer, "nat", chains[pick(writer->scenario, 4)], "-p tcp -m tcp --dport 443 -j %s", maybe(writer, 50) ? "ACCEPT" : "RETURN");
	for (size_t i = 0; i < nat->n_services; i++) {
		add_service_rule(writer, nat->services[i].rule[0]);
		add_service_rule(writer, nat->services[i].rule[1]);
	}
	if (nat->source != SOURCE_KEPT)
		rule(writer, "nat", "POSTROUTING", "-s %s -o eth0 %s%s", writer->family == 4 ? "192.168.1.0/24" : "fd01::/64",
		     (writer->family == 4 ? sources4 : sources6)[nat->source], nat->source == SOURCE_IN_RANGE && maybe(writer, 50) ? " --persistent" : "");
}

static void write_table(const struct writer *writer, const char *table, FILE *out)
{
	fprintf(out, "*%s\n", table);
	for (size_t i = 0; i < writer->n_chains; i++)
		if (strcmp(writer->chains[i].table, table) == 0)
			fprintf(out, ":%s %s [0:0]\n", writer->chains[i].name, writer->chains[i].policy);
	for (size_t i = 0; i < writer->n_chains; i++)
		for (size_t j = 0; strcmp(writer->chains[i].table, table) == 0 && j < writer->chains[i].n_rules; j++)
			fprintf(out, "-A %s %s\n", writer->chains[i].name, writer->chains[i].rules[j]);
	fprintf(out, "COMMIT\n");
}

void write_rules(struct scenario *scenario, int family, FILE *out)
{
	static struct writer writer;

	memset(&writer, 0, sizeof(writer));
	writer.scenario = scenario;
	writer.family = family;
	write_filter(&writer);
	if (chance(scenario, 45)) {
		write_raw(&writer);
		write_table(&writer, "raw", out);
	}
	if (chance(scenario, 45)) {
		write_mangle(&writer);
		write_table(&writer, "mangle", out);
	}
	if (scenario->nat[family == 6].is_there) {
		write_nat(&writer, &scenario->nat[family == 6]);
		write_table(&writer, "nat", out);
	}
	write_table(&writer, "filter", out);
}
