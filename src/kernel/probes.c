/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/probes.h"
#include "base/spawn.h"


enum {
	PRIORITY_SILENCE = -1001,
	PRIORITY_START = -1000,
	PRIORITY_DEFRAGMENTED = -399,		/* behind NF_IP_PRI_CONNTRACK_DEFRAG, -400 */
	PRIORITY_BEFORE_CONNTRACK = -201,
	PRIORITY_CTSTATE = -199,		/* behind NF_IP_PRI_CONNTRACK, -200 */
	PRIORITY_END = 2147483640,		/* before nf_confirm() alone */
	PRIORITY_LEFT = 2147483647,		/* NF_IP_PRI_LAST, as nf_confirm() itself */
};

static const char *const entrances[] = { "prerouting", "output" };

static void begin_chain(struct text *out, const char *hook, const char *point, int priority)
{
	text_printf(out, " chain %s_%s {\n  type filter hook %s priority %d; policy accept;\n", hook, point, hook, priority);
}

static void end_chain(struct text *out)
{
	text_append(out, " }\n");
}

static void add_log(struct text *out, const char *condition, const char *point, int group)
{
	text_printf(out, "  %s log prefix \"" PROBES_PREFIX "%s\" group %d\n", condition, point, group);
}

/* A chain with a single log statement. */
static void add_point(struct text *out, const char *hook, const char *point, int priority)
{
	begin_chain(out, hook, point, priority);
	add_log(out, "", point, PROBES_GROUP_META);
	end_chain(out);
}

static void add_ctstate(struct text *out, const char *hook)
{
	static const struct {
		const char *condition, *point;
	} states[] = {
		{ "ct state invalid", PROBES_CTSTATE "INVALID" },
		{ "ct state untracked", PROBES_CTSTATE "UNTRACKED" },
		{ "ct state new", PROBES_CTSTATE "NEW:original" },
		{ "ct state established ct direction original", PROBES_CTSTATE "ESTABLISHED:original" },
		{ "ct state established ct direction reply", PROBES_CTSTATE "ESTABLISHED:reply" },
		{ "ct state related ct direction original", PROBES_CTSTATE "RELATED:original" },
		{ "ct state related ct direction reply", PROBES_CTSTATE "RELATED:reply" },
	};

	begin_chain(out, hook, "ctstate", PRIORITY_CTSTATE);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		add_log(out, states[i].condition, states[i].point, PROBES_GROUP_META);
	end_chain(out);
}

/*
 * Only packets of a socket have a user, and the only socket is ours. What the host says of its own accord, about groups and
 * neighbours, and about fragments whose rest did not come, would be counted by the rules: it is silenced before these are loaded.
 */
static void add_silence(struct text *out)
{
	begin_chain(out, "output", PROBES_SILENCE, PRIORITY_SILENCE);
	text_append(out, "  meta skuid != 4294967295 accept\n");
	text_append(out, "  meta l4proto igmp drop\n");
	text_append(out, "  icmpv6 type { 130, 131, 132, 133, 134, 135, 136, 137, 143 } drop\n");
	text_append(out, "  icmp type time-exceeded icmp code 1 drop\n");
	text_append(out, "  icmpv6 type time-exceeded icmpv6 code 1 drop\n");
	end_chain(out);
}

static void add_output_start(struct text *out)
{
	begin_chain(out, "output", PROBES_START, PRIORITY_START);
	text_printf(out, "  meta skuid != 4294967295 meta nftrace set 1 log prefix \"" PROBES_PREFIX PROBES_START
		    "\" group %d accept\n", PROBES_GROUP_META);
	text_append(out, "  meta nftrace set 1\n");
	add_log(out, "", PROBES_OWN, PROBES_GROUP_FULL);
	end_chain(out);
}

static const char *const families[] = { "ip", "ip6" };

/* Tables of their own: in one of family inet they would switch both families on. */
static void print_states(const bool *sees_tracking, struct text *out)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!sees_tracking[i])
			continue;
		text_printf(out, "table %s " PROBES_TABLE "states {\n", families[i]);
		for (size_t j = 0; j < sizeof(entrances) / sizeof(entrances[0]); j++)
			add_ctstate(out, entrances[j]);
		text_append(out, "}\n");
	}
}

static void print_probes(struct text *out)
{
	static const char *const passages[] = { "input", "forward", "postrouting" };

	text_append(out, "table inet " PROBES_TABLE "probes {\n");
	begin_chain(out, "prerouting", PROBES_START, PRIORITY_START);
	text_append(out, "  meta nftrace set 1\n");
	add_log(out, "", PROBES_START, PROBES_GROUP_META);
	end_chain(out);
	add_output_start(out);
	for (size_t i = 0; i < sizeof(entrances) / sizeof(entrances[0]); i++) {
		add_point(out, entrances[i], PROBES_DEFRAGMENTED, PRIORITY_DEFRAGMENTED);
		add_point(out, entrances[i], PROBES_BEFORE_CONNTRACK, PRIORITY_BEFORE_CONNTRACK);
		add_point(out, entrances[i], PROBES_END, PRIORITY_END);
	}
	for (size_t i = 0; i < sizeof(passages) / sizeof(passages[0]); i++) {
		add_point(out, passages[i], PROBES_START, PRIORITY_START);
		add_point(out, passages[i], PROBES_END, PRIORITY_END);
	}
	text_append(out, "}\n");
}

/* What goes to lo comes back in; everything else has left. */
static void print_ends(struct text *out)
{
	text_append(out, "table inet " PROBES_TABLE "ends {\n");
	begin_chain(out, "input", PROBES_LEFT, PRIORITY_LEFT);
	add_log(out, "", PROBES_LEFT, PROBES_GROUP_FULL);
	text_append(out, "  drop\n");
	end_chain(out);
	begin_chain(out, "postrouting", PROBES_LEFT, PRIORITY_LEFT);
	add_log(out, "", PROBES_LEFT, PROBES_GROUP_FULL);
	text_append(out, "  oifname != \"lo\" drop\n");
	end_chain(out);
	add_silence(out);
	text_append(out, "}\n");
}

static bool load(const struct text *table, struct text *error)
{
	static const char *const argv[] = { "nft", "-f", "-", NULL };
	enum spawn_result result;
	struct text output;

	text_init(&output);
	result = spawn_run(argv, text_string(table), &output);
	if (result == SPAWN_NOT_FOUND)
		text_append(error, "nft(8) was not found: the observation points are its rules (package nftables)");
	else if (result == SPAWN_FAILED)
		text_printf(error, "the observation points could not be loaded (modules nf_tables, nft_log, nft_ct): %s",
			    text_string(&output));
	text_clear(&output);
	return result == SPAWN_OK;
}

bool probes_load_ends(struct text *error)
{
	struct text table;
	bool is_ok;

	text_init(&table);
	print_ends(&table);
	is_ok = load(&table, error);
	text_clear(&table);
	return is_ok;
}

bool probes_load(const bool *sees_tracking, struct text *error)
{
	struct text table;
	bool is_ok;

	text_init(&table);
	print_probes(&table);
	print_states(sees_tracking, &table);
	is_ok = load(&table, error);
	text_clear(&table);
	return is_ok;
}

static void add_zone(const char *family, uint16_t zone, struct text *rules)
{
	static const char *const directions[] = { "original", "reply" };

	for (size_t i = 0; i < sizeof(entrances) / sizeof(entrances[0]); i++)
		for (size_t j = 0; j < sizeof(directions) / sizeof(directions[0]); j++)
			text_printf(rules, "add rule %s " PROBES_TABLE "states %s_ctstate ct direction %s ct %s zone %u log prefix \""
				    PROBES_PREFIX PROBES_ZONE "%u\" group %d\n", family,
				    entrances[i], directions[j], directions[j], (unsigned)zone, (unsigned)zone, PROBES_GROUP_META);
}

bool probes_add_zone(const bool *sees_tracking, uint16_t zone, struct text *error)
{
	struct text rules;
	bool is_ok;

	text_init(&rules);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (sees_tracking[i])
			add_zone(families[i], zone, &rules);
	is_ok = load(&rules, error);
	text_clear(&rules);
	return is_ok;
}
