/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state and conntrack: with an entry, with one that is not confirmed, and without. */
#include "rules_fixture.h"

enum entry { NO_ENTRY, CONFIRMED, FIRST_PACKET, REPLY, NATTED };

static const struct {
	const char *name, *options;
	enum ctstate ctstate;
	enum entry entry;
	const char *result, *explanation;
} rows[] = {
	{ "state", "--state NEW", CTSTATE_NEW, FIRST_PACKET, "yes", NULL },
	{ "state", "--state RELATED,ESTABLISHED", CTSTATE_NEW, FIRST_PACKET, "no",
	  "--state RELATED,ESTABLISHED: packet is NEW" },
	{ "state", "! --state NEW", CTSTATE_NEW, FIRST_PACKET, "no", "! --state NEW: packet is NEW" },
	{ "state", "--state INVALID", CTSTATE_INVALID, NO_ENTRY, "yes", NULL },
	{ "state", "--state INVALID", CTSTATE_NONE, NO_ENTRY, "yes", NULL },
	{ "state", "--state INVALID", CTSTATE_UNTRACKED, NO_ENTRY, "no", NULL },
	{ "state", "--state UNTRACKED", CTSTATE_UNTRACKED, NO_ENTRY, "yes", NULL },
	{ "state", "! --state NEW", CTSTATE_UNTRACKED, NO_ENTRY, "yes", NULL },
	{ "conntrack", "--ctstate ESTABLISHED", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctstate SNAT", CTSTATE_ESTABLISHED, CONFIRMED, "no", "--ctstate SNAT: packet is ESTABLISHED" },
	{ "conntrack", "--ctstate SNAT", CTSTATE_ESTABLISHED, NATTED, "yes", NULL },
	{ "conntrack", "--ctstate DNAT", CTSTATE_ESTABLISHED, NATTED, "no", NULL },
	{ "conntrack", "! --ctstate SNAT", CTSTATE_ESTABLISHED, NATTED, "no",
	  "! --ctstate SNAT: packet is ESTABLISHED,SNAT" },
	{ "conntrack", "--ctproto udp", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctproto tcp", CTSTATE_ESTABLISHED, CONFIRMED, "no", "--ctproto 6: entry has 17" },
	{ "conntrack", "! --ctproto tcp", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "! --ctproto 6", CTSTATE_UNTRACKED, NO_ENTRY, "no", "! --ctproto 6: packet has no entry" },
	{ "conntrack", "! --ctstatus ASSURED", CTSTATE_UNTRACKED, NO_ENTRY, "no", NULL },
	{ "conntrack", "--ctstate UNTRACKED --ctproto 17", CTSTATE_UNTRACKED, NO_ENTRY, "yes", NULL },
	{ "conntrack", "--ctstate INVALID --ctproto 99", CTSTATE_INVALID, NO_ENTRY, "yes", NULL },
	{ "conntrack", "--ctstate NEW --ctproto 99", CTSTATE_INVALID, NO_ENTRY, "no", "--ctstate NEW: packet is INVALID" },
	{ "conntrack", "--ctorigsrc 10.0.0.1", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctorigsrc 10.0.0.9/24", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctorigsrc 10.9.0.1/255.0.0.255", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "! --ctorigsrc 10.0.0.0/8", CTSTATE_ESTABLISHED, CONFIRMED, "no",
	  "! --ctorigsrc 10.0.0.0/8: entry has 10.0.0.1" },
	{ "conntrack", "--ctorigdst 10.0.0.2 --ctreplsrc 10.0.0.2 --ctrepldst 10.0.0.1", CTSTATE_ESTABLISHED, CONFIRMED, "yes",
	  NULL },
	{ "conntrack", "--ctreplsrc 10.0.0.1", CTSTATE_ESTABLISHED, CONFIRMED, "no", "--ctreplsrc 10.0.0.1: entry has 10.0.0.2" },
	{ "conntrack", "--ctorigsrcport 1000 --ctorigdstport 53", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctreplsrcport 50:60 --ctrepldstport 1000:", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "! --ctorigdstport 53", CTSTATE_ESTABLISHED, CONFIRMED, "no", "! --ctorigdstport 53: entry has 53" },
	{ "conntrack", "--ctdir ORIGINAL", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctdir ORIGINAL", CTSTATE_ESTABLISHED, REPLY, "no",
	  "--ctdir ORIGINAL: packet goes in direction REPLY" },
	{ "conntrack", "--ctdir REPLY", CTSTATE_RELATED, REPLY, "yes", NULL },
	{ "conntrack", "--ctstatus SEEN_REPLY", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctstatus ASSURED,SEEN_REPLY", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctstatus ASSURED", CTSTATE_ESTABLISHED, CONFIRMED, "no",
	  "--ctstatus ASSURED: entry has SEEN_REPLY,CONFIRMED" },
	{ "conntrack", "--ctstatus NONE", CTSTATE_NEW, FIRST_PACKET, "no", NULL },
	{ "conntrack", "! --ctstatus NONE", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctexpire 29", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctexpire 30:", CTSTATE_ESTABLISHED, CONFIRMED, "no",
	  "--ctexpire 30:4294967295: entry has 29 s left" },
	{ "conntrack", "! --ctexpire :10", CTSTATE_ESTABLISHED, CONFIRMED, "yes", NULL },
	{ "conntrack", "--ctexpire 0", CTSTATE_NEW, FIRST_PACKET, "yes", NULL },
	{ "conntrack", "--ctexpire 30", CTSTATE_NEW, FIRST_PACKET, "no", NULL },
};

static void make_entry(struct rules_fixture *fixture, enum entry entry)
{
	struct connection *connection = &fixture->connection;
	const struct tuple original = {
		.source = address_from_ipv4(0x0a000001), .destination = address_from_ipv4(0x0a000002),
		.source_port = 1000, .destination_port = 53, .protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};

	connection_set_original(connection, &original);
	if (entry != FIRST_PACKET)
		connection->status = STATUS_CONFIRMED | STATUS_SEEN_REPLY;
	if (entry == NATTED)
		connection->status |= STATUS_SRC_NAT;
	connection->timer.deadline.ns = INT64_C(29500000000);
	fixture->tracking.connection = connection;
	fixture->tracking.direction = entry == REPLY ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
}

START_TEST(results)
{
	struct rules_fixture fixture;
	const struct match_type *match;

	rules_fixture_init(&fixture);
	fixture.tracking.ctstate = rows[_i].ctstate;
	if (rows[_i].entry != NO_ENTRY)
		make_entry(&fixture, rows[_i].entry);
	match = rules_fixture_match(&fixture, rows[_i].name, FAMILY_IPV4, rows[_i].options);
	ck_assert_msg(strcmp(rules_fixture_eval(&fixture, match), rows[_i].result) == 0, "%s %s (%s): %s", rows[_i].name,
		      rows[_i].options, ctstate_name(rows[_i].ctstate), rules_fixture_eval(&fixture, match));
	if (rows[_i].explanation)
		rules_fixture_expect_explanation(&fixture, match, rows[_i].explanation);
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("results");

	tcase_add_loop_test(tcase, results, 0, N_ROWS(rows));
	return script_packets_run("rules/match conntrack", tcase);
}
