/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that are looked up say what rules that are all looked at say: rulesets with long chains and packets of both families are
 * drawn at random, cut and broken ones among them, each goes through two evaluations, and everything is compared.
 */
#include "drawn_rules.h"

enum { N_RULESETS = 120, N_PACKETS = 700, MOST_RULES = 90, LONGEST = 100 };

static uint32_t make_ipv4(struct random *random, uint8_t *bytes, uint32_t l4_len)
{
	bytes[0] = 0x45;
	bytes[3] = (uint8_t)(20 + l4_len);
	bytes[8] = 64;
	bytes[12] = 10;
	bytes[15] = (uint8_t)draw(random, 6);
	bytes[16] = 192;
	bytes[17] = 168;
	bytes[19] = (uint8_t)draw(random, 4);
	if (draw(random, 20) == 0)
		bytes[7] = (uint8_t)draw(random, 3);	/* a later fragment */
	return 20;
}

static uint32_t make_ipv6(struct random *random, uint8_t *bytes, uint32_t l4_len)
{
	bytes[0] = 0x60;
	bytes[5] = (uint8_t)l4_len;
	bytes[7] = 64;
	bytes[8] = bytes[24] = 0xfd;
	bytes[23] = (uint8_t)draw(random, 6);
	bytes[25] = 1;
	bytes[39] = (uint8_t)draw(random, 4);
	return 40;
}

static void make_packet(struct random *random, bool is_ipv6, uint8_t *bytes, struct packet *packet)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_UDP, PROTOCOL_UDP, PROTOCOL_GRE, PROTOCOL_NO_NEXT, 60 };
	static const uint8_t ports[] = { 53, 80, 81 };
	uint32_t l4_len = draw(random, 10) ? 20 + draw(random, 2) * 20 : draw(random, 20), at, len, cut;

	memset(bytes, 0, LONGEST);
	at = is_ipv6 ? make_ipv6(random, bytes, l4_len) : make_ipv4(random, bytes, l4_len);
	len = at + l4_len;
	cut = draw(random, 12) ? 0 : draw(random, l4_len + 1);
	bytes[is_ipv6 ? 6 : 9] = PICK(random, protocols);
	bytes[at] = 3;
	bytes[at + 1] = (uint8_t)(0xe8 + draw(random, 3));
	bytes[at + 3] = PICK(random, ports);
	bytes[at + 5] = (uint8_t)l4_len;
	bytes[at + 12] = 0x50;
	bytes[at + 13] = draw(random, 2) ? TCP_SYN : TCP_ACK;
	decode_ip(packet, bytes, len - cut, len);
	decode_accept_ip_checksum(packet);
}

static void send_packet(struct random *random, bool is_ipv6, struct run *runs, int64_t now)
{
	static const char *const interfaces[] = { "eth0", "wan" };
	const char *in = PICK(random, interfaces), *out = PICK(random, interfaces);
	struct tracking tracking = { .ctstate = draw(random, 2) ? CTSTATE_INVALID : CTSTATE_UNTRACKED };
	uint8_t bytes[LONGEST];
	struct packet packet;

	packet_init(&packet);
	make_packet(random, is_ipv6, bytes, &packet);
	for (int i = 0; i < 2 && packet.family != FAMILY_NONE; i++) {
		runs[i].subject = (struct subject){
			.packet = &packet, .tracking = &tracking, .hook = HOOK_FORWARD, .in = in, .out = out,
			.now = { now }, .hz = VTIME_DEFAULT_HZ,
		};
		eval_trace_reset(&runs[i].trace);
		eval_table(runs[i].evaluation, TABLE_FILTER, &runs[i].subject, &runs[i].trace, &runs[i].result);
	}
	drawn_rules_compare(&runs[0], &runs[1]);
	packet_clear(&packet);
}

START_TEST(rules_that_are_looked_up_match_as_all_would)
{
	bool is_ipv6 = _i % 3 == 0;
	struct run runs[2];
	struct random random;
	struct source source;
	struct text rules;
	struct ruleset *ruleset;

	memset(runs, 0, sizeof(runs));
	random_init(&random, (uint64_t)_i);
	text_init(&rules);
	ruleset = drawn_rules_load(&random, is_ipv6, MOST_RULES, &source, &rules);
	for (int i = 0; i < 2; i++) {
		runs[i].evaluation = evaluation_create(ruleset, VTIME_DEFAULT_HZ, 1, false);
		eval_trace_init(&runs[i].trace);
		if (i == 0)
			evaluation_go_plain(runs[i].evaluation);
	}
	for (int i = 0; i < N_PACKETS; i++)
		send_packet(&random, is_ipv6, runs, (int64_t)i * 1000000);
	drawn_rules_compare_counters(runs, ruleset, is_ipv6);
	for (int i = 0; i < 2; i++) {
		evaluation_destroy(runs[i].evaluation);
		eval_trace_clear(&runs[i].trace);
	}
	ruleset_destroy(ruleset);
	source_clear(&source);
	text_clear(&rules);
}
END_TEST

/* More kinds of tests than there are groups: the rest is looked at one by one. */
START_TEST(a_chain_of_many_kinds_of_rules_is_looked_up_too)
{
	static const struct match_instance no_matches[1];
	enum { N = 1000 };
	static struct rule_code rules[N + 1];
	struct packet packet = { .family = FAMILY_IPV4, .has_l4 = true, .protocol = PROTOCOL_UDP };
	struct index_cursor cursor = { .index = NULL };
	struct rule_index *index;
	struct arena arena;
	uint32_t n_found = 0;

	arena_init(&arena);
	for (uint32_t i = 0; i < N; i++) {
		uint32_t source_len = i % 33, destination_len = i / 33 % 33;

		rules[i] = (struct rule_code){ .tests = TEST_SOURCE | TEST_DESTINATION, .matches = no_matches };
		rules[i].addresses.ipv4.source_mask = address_prefix_mask(FAMILY_IPV4, source_len).word[0];
		rules[i].addresses.ipv4.destination_mask = address_prefix_mask(FAMILY_IPV4, destination_len).word[0];
	}
	/* Every rule holds 0.0.0.0. */
	index = rule_index_create(&arena, FAMILY_IPV4, rules, 0, N);
	for (uint32_t at = rule_index_next(&cursor, index, &packet, 0); at < N; at = rule_index_next(&cursor, index, &packet, at + 1))
		ck_assert_uint_eq(at, n_found++);
	ck_assert_uint_eq(n_found, N);
	arena_clear(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/rule_index");
	TCase *cases = tcase_create("rule_index");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(cases, rules_that_are_looked_up_match_as_all_would, 0, N_RULESETS);
	tcase_add_test(cases, a_chain_of_many_kinds_of_rules_is_looked_up_too);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
