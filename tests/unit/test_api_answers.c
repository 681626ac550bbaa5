/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libctreplay answers beyond a packet's verdict: of rules, of the machine, of how two replays differ. */
#include "api_fixture.h"

static const char *fact(struct ctreplay *replay, enum ctreplay_fact which)
{
	return ctreplay_account(replay)->facts[which];
}

START_TEST(test_account)
{
	struct ctreplay *replay = open_host();
	const struct ctreplay_account *account;
	const struct ctreplay_listing *listings;
	size_t n;

	ck_assert_ptr_null(ctreplay_account(replay));
	ck_assert(ctreplay_keep_account(replay) && ctreplay_set(replay, "snapshot", "packet=2"));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert(!ctreplay_keep_account(replay));
	push(replay, question, begin);
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_PATH), "OUTPUT POSTROUTING");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_CTSTATE), "NEW original");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_DECISION), "filter OUTPUT policy");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_RULES), "");
	account = ctreplay_account(replay);
	ck_assert_str_eq(account->summary, "UDP 10.0.0.1:1000 > 10.0.0.2:53 len 0");
	ck_assert_uint_eq(account->n_events, 1);
	ck_assert_uint_eq(account->events[0].entry, 1);
	ck_assert_str_eq(account->events[0].text, account->facts[CTREPLAY_FACT_EVENTS]);
	ck_assert(account->n_touched >= 1 && account->touched[0] == 1);
	ck_assert(!account->was_drawn && !account->has_spoken_before);
	ck_assert_uint_eq(account->n_met, 0);
	ck_assert_ptr_null(ctreplay_listings(replay, &n));

	push(replay, answer, begin);
	account = ctreplay_account(replay);
	ck_assert_str_eq(account->facts[CTREPLAY_FACT_RULES], "filter INPUT 1");
	ck_assert_str_eq(account->story, "filter INPUT 1 inline:4 matched: -A INPUT -m state --state ESTABLISHED -j ACCEPT\n");
	ck_assert(account->n_met == 1 && account->met[0].rule.number == 1 && !account->met[0].failed);
	listings = ctreplay_listings(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(listings[0].label, "after packet 2");
	ck_assert_uint_eq(listings[0].n_rows, 1);
	ck_assert_uint_eq(listings[0].rows[0].entry, 1);
	ck_assert_uint_eq(listings[0].n_set_lines, 0);

	ck_assert_int_eq(ctreplay_wait(replay, begin + 40 * second), CTREPLAY_END);
	account = ctreplay_account(replay);
	ck_assert_int_eq(strncmp(account->facts[CTREPLAY_FACT_EVENTS], "expired at 30.", 14), 0);
	ck_assert_uint_eq(account->n_changed_before, 0);
	push(replay, answer, begin + 40 * second);
	account = ctreplay_account(replay);
	ck_assert(account->n_met == 1 && strstr(account->met[0].failed, "--state"));
	ck_assert_str_eq(ctreplay_fact_name(CTREPLAY_FACT_DECISION), "decided by");
	ctreplay_destroy(replay);
}
END_TEST

static const struct ctreplay_setting *find_setting(const struct ctreplay_setting *settings, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	ck_abort_msg("no setting %s", name);
	return NULL;
}

START_TEST(test_machine)
{
	static const char sets[] = "create known hash:ip family inet\nadd known 192.0.2.1\n";
	struct ctreplay *replay = open_host();
	const struct ctreplay_machine *machine;
	const struct ctreplay_setting *setting;
	const struct ctreplay_interface *interface;
	const struct ctreplay_route *route = NULL;

	ck_assert(ctreplay_set(replay, "route", "192.0.2.0/24@eth0,via=10.0.0.254"));
	ck_assert(ctreplay_set(replay, "sysctl", "net.netfilter.nf_conntrack_udp_timeout=5"));
	ck_assert(ctreplay_set(replay, "sysctl", "net.ipv4.conf.eth0.rp_filter=1"));
	ck_assert(ctreplay_set_text(replay, "ipset", "sets", sets, strlen(sets)));
	ck_assert_ptr_null(ctreplay_machine(replay));
	ck_assert_ptr_null(ctreplay_loaded(replay, "4"));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert_ptr_null(ctreplay_machine(replay));
	push(replay, question, begin);
	machine = ctreplay_machine(replay);
	ck_assert_ptr_eq(ctreplay_machine(replay), machine);
	ck_assert_str_eq(machine->kernel, "6.18");
	ck_assert(machine->hz == 250 && machine->tracks[0] && machine->tracks[1] && !machine->tracks_dccp && !machine->captured_on);
	ck_assert(!machine->is_empty && machine->origin_unix_ns == begin && machine->n_tables == 1);
	ck_assert_str_eq(machine->tables[0], "ipv4 filter");
	ck_assert_uint_eq(machine->n_interfaces, 2);
	interface = &machine->interfaces[1];
	ck_assert_str_eq(interface->name, "eth0");
	ck_assert_uint_eq(find_setting(interface->settings, interface->n_settings, "rp_filter")->value, 1);
	ck_assert_uint_eq(machine->n_addresses, 1);
	ck_assert(machine->addresses[0].subnet.len == 24 && machine->addresses[0].subnet.address.bytes[3] == 1);
	ck_assert(machine->addresses[0].broadcast.family == 4 && machine->addresses[0].broadcast.bytes[3] == 255);
	for (size_t i = 0; i < machine->n_routes; i++)
		if (machine->routes[i].via.family)
			route = &machine->routes[i];
	ck_assert(route && route->type == CTREPLAY_ROUTE_UNICAST && route->table == 254 && route->destination.len == 24);
	ck_assert(route->via.bytes[3] == 254 && route->source.family == 0 && !route->is_further_hop);
	ck_assert_uint_eq(machine->n_rules, 0);
	ck_assert_uint_eq(machine->n_groups, 0);
	setting = find_setting(machine->settings, machine->n_settings, "net.netfilter.nf_conntrack_udp_timeout");
	ck_assert(setting->value == 5 && setting->default_value == 30);
	ck_assert_ptr_nonnull(strstr(ctreplay_loaded(replay, "4"), "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "6"));
	ck_assert_ptr_nonnull(strstr(ctreplay_loaded(replay, "ipset"), "add known 192.0.2.1\n"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "timeouts"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "host"));
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_chains)
{
	static const char text[] = "*filter\n:INPUT DROP [0:0]\n:LOGGED - [0:0]\n-A INPUT -j LOGGED\n-A LOGGED   -j ACCEPT\nCOMMIT\n";
	struct ctreplay *replay = ctreplay_create();
	const struct ctreplay_chain *chains;
	const struct ctreplay_listed_rule *rule;
	size_t n, n_again;

	(void)ctreplay_chains(replay, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert(ctreplay_set(replay, "local", "10.0.0.1/24@eth0") && ctreplay_set_text(replay, "4", "inline", text, strlen(text)));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	chains = ctreplay_chains(replay, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(chains[0].chain, "INPUT");
	ck_assert_str_eq(chains[0].policy, "DROP");
	ck_assert(chains[0].policy_rule && chains[0].policy_rule->line == 2 && !chains[1].policy_rule);
	ck_assert_str_eq(chains[1].policy, "ACCEPT");
	ck_assert_str_eq(chains[3].chain, "LOGGED");
	ck_assert(!chains[3].policy && chains[3].n_references == 1 && chains[3].n_rules == 1);
	rule = chains[3].rules;
	ck_assert_str_eq(rule->rule.text, "-A LOGGED -j ACCEPT");
	ck_assert_uint_eq(rule->written_len, strlen("-A LOGGED   -j ACCEPT"));
	ck_assert_int_eq(strncmp(rule->written, "-A LOGGED   -j ACCEPT", rule->written_len), 0);
	ck_assert_int_eq(strncmp(rule->listing, "ACCEPT ", 7), 0);
	ck_assert(ctreplay_chains(replay, &n_again) == chains && n_again == n);
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_borrowed_rules)
{
	struct ctreplay *owner = open_capture(), *replay = read_capture();

	ck_assert(!ctreplay_borrow_rules(replay, owner));	/* it is not open yet */
	ck_assert(ctreplay_open(owner));
	ck_assert(ctreplay_borrow_rules(replay, owner));
	ck_assert(ctreplay_open(replay));
	for (int i = 0; i < 9; i++) {
		ck_assert_int_eq(ctreplay_step(owner), CTREPLAY_PACKET);
		ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_PACKET);
		ck_assert_ptr_eq(ctreplay_packet(owner)->decided_by->text, ctreplay_packet(replay)->decided_by->text);
	}
	ctreplay_destroy(replay);
	ck_assert_int_eq(ctreplay_step(owner), CTREPLAY_END);
	ctreplay_destroy(owner);
}
END_TEST

START_TEST(test_coverage)
{
	static const char dead[] = "*filter\n:INPUT DROP\n-A INPUT -p udp -j ACCEPT\n-A INPUT -p udp --dport 53 -j ACCEPT\n"
				   "-A INPUT -p tcp -j ACCEPT\n:nobody - [0:0]\nCOMMIT\n";
	struct ctreplay *first = read_capture(), *next = read_capture();
	const struct ctreplay_coverage *coverage;
	const struct ctreplay_covered_rule *rules_of_it;
	const struct ctreplay_source *sources;
	size_t n;

	ck_assert(ctreplay_set_text(first, "rules", "inline", dead, strlen(dead)));
	ck_assert(!ctreplay_cover(next, first));	/* it does not count */
	ck_assert(ctreplay_cover(first, NULL));
	ck_assert(!ctreplay_cover(first, NULL));
	ck_assert(!ctreplay_cover(next, first));	/* they have no rules in common */
	ck_assert_ptr_null(ctreplay_coverage(first));
	ck_assert(ctreplay_open(first));
	sources = ctreplay_sources(first, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(sources[0].name, "inline");
	ck_assert_str_eq(sources[0].text, dead);
	ck_assert(ctreplay_borrow_rules(next, first));
	ck_assert(ctreplay_cover(next, first));
	ck_assert(ctreplay_finish(first));	/* no packet */
	ck_assert(ctreplay_open(next));
	(void)ctreplay_sources(next, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(ctreplay_run(next, UINT64_MAX), CTREPLAY_END);
	ck_assert(ctreplay_finish(next));
	ck_assert_ptr_null(ctreplay_coverage(next));
	ctreplay_destroy(next);

	coverage = ctreplay_coverage(first);
	ck_assert_uint_eq(coverage->n_captures, 2);
	ck_assert_uint_eq(coverage->n_packets, 9);
	ck_assert(!coverage->is_partial);
	ck_assert_uint_eq(coverage->n_rules, 3);
	rules_of_it = coverage->rules;
	ck_assert_int_eq(rules_of_it[0].covering, CTREPLAY_RULE_MATCHED);
	ck_assert_uint_eq(rules_of_it[0].first_capture, 2);
	ck_assert_uint_gt(rules_of_it[0].first, 0);
	ck_assert_int_eq(rules_of_it[1].covering, CTREPLAY_RULE_USELESS);
	ck_assert_int_eq(rules_of_it[1].finding, CTREPLAY_SHADOWED);
	ck_assert_uint_eq(rules_of_it[1].n_by, 1);
	ck_assert_uint_eq(rules_of_it[1].by[0].number, 1);
	ck_assert_int_eq(rules_of_it[2].covering, CTREPLAY_RULE_UNREACHED);
	ck_assert_str_eq(rules_of_it[2].finding_text, "");
	ck_assert_uint_eq(coverage->n_chains, 4);
	ck_assert_ptr_null(coverage->chains[3].policy);
	ck_assert_uint_eq(coverage->chains[0].n_entered, rules_of_it[0].n_tried);
	ctreplay_destroy(first);
}
END_TEST

struct differences { uint64_t n, n_most, last; uint32_t flow, kinds; char words[200]; const struct ctreplay *first; };

static bool note_difference(void *owner, const struct ctreplay_difference *difference)
{
	struct differences *differences = owner;

	differences->last = difference->number;
	differences->flow = difference->flow;
	differences->kinds = difference->kinds;
	ck_assert_uint_eq(difference->outcomes[0].decided_by->number, 0);
	ck_assert_int_eq(difference->outcomes[1].verdict, CTREPLAY_ACCEPT);
	ck_assert_str_eq(difference->outcomes[1].sent, "");
	ctreplay_describe(differences->first, differences->words, sizeof(differences->words));
	return ++differences->n < differences->n_most;
}

/* All that is dropped under `rules` is accepted here. */
static void compare(uint64_t n_most, struct differences *differences)
{
	static const char open_rules[] = "*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n";
	struct ctreplay *one = open_capture(), *other = read_capture();

	*differences = (struct differences){ .n_most = n_most, .first = one };
	ck_assert(ctreplay_set_text(other, "rules", "open", open_rules, strlen(open_rules)));
	ck_assert_int_eq(ctreplay_compare(one, other, note_difference, differences), CTREPLAY_ERROR);	/* not open */
	ck_assert(ctreplay_open(one));
	ck_assert_str_eq(ctreplay_host(other), "");
	ck_assert(ctreplay_open(other));
	ck_assert_int_eq(strncmp(ctreplay_host(other), "host 192.168.1.", strlen("host 192.168.1.")), 0);
	ck_assert_int_eq(ctreplay_compare(one, one, note_difference, differences), CTREPLAY_ERROR);
	ck_assert_ptr_null(ctreplay_comparison(one));
	ck_assert_int_eq(ctreplay_compare(one, other, note_difference, differences), n_most == 2 ? CTREPLAY_PACKET : CTREPLAY_END);
	ck_assert_uint_eq(ctreplay_comparison(one)->n_uncertain, 0);
	if (n_most > 2)
		ck_assert_uint_eq(ctreplay_comparison(one)->n_packets, 9);
	ck_assert_int_eq(ctreplay_run(one, 1), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_step(other), CTREPLAY_ERROR);
	ck_assert(ctreplay_finish(one));
	ctreplay_destroy(other);
	ctreplay_destroy(one);
}

START_TEST(test_compared)
{
	struct differences differences;

	compare(UINT64_MAX, &differences);
	ck_assert_uint_eq(differences.n, 4);	/* 3, 4, 9, and 5, whose question finds an entry */
	ck_assert_uint_eq(differences.last, 9);
	ck_assert_uint_eq(differences.kinds, CTREPLAY_DIFFERS_VERDICT | CTREPLAY_DIFFERS_RULE);
	ck_assert_uint_eq(differences.flow, 2);
	ck_assert_ptr_nonnull(strstr(differences.words, "192.168.1."));
	compare(2, &differences);
	ck_assert_uint_eq(differences.n, 2);
	ck_assert_uint_eq(differences.last, 4);
}
END_TEST

START_TEST(test_packets_from_rules)
{
	static const char empty[] = "*filter\n:INPUT DROP\nCOMMIT\n";
	struct ctreplay *owner = ctreplay_create(), *one = ctreplay_create(), *other = ctreplay_create(), *again;

	ck_assert(!ctreplay_load(owner));	/* no rules */
	ck_assert(ctreplay_set_text(owner, "rules", "inline", rules, strlen(rules)));
	ck_assert(!ctreplay_generate(one, other));
	ck_assert(ctreplay_load(owner));
	ck_assert(!ctreplay_load(owner));
	ck_assert(ctreplay_borrow_rules(one, owner));
	ck_assert(!ctreplay_borrow_rules(one, owner));
	ck_assert(ctreplay_set_text(other, "rules", "empty", empty, strlen(empty)));
	ck_assert(ctreplay_load(other));
	ck_assert_ptr_null(ctreplay_script(one));
	ck_assert(ctreplay_generate(one, other));
	ck_assert(!ctreplay_generate(one, other));
	ck_assert_str_eq(ctreplay_script(one), ctreplay_script(other));
	ck_assert(!ctreplay_set(one, "read", "captures/dns-timeout.pcap"));

	again = ctreplay_create();
	ck_assert(ctreplay_set_text(again, "read", "kept", ctreplay_script(one), strlen(ctreplay_script(one))));
	ck_assert(!ctreplay_open_for_packets(again, 1));
	ctreplay_destroy(again);

	ck_assert(ctreplay_open(one));
	ck_assert_int_eq(strncmp(ctreplay_host(one), "host 10.200.0.1", strlen("host 10.200.0.1")), 0);
	ck_assert_int_eq(ctreplay_run(one, 1), CTREPLAY_PACKET);
	ctreplay_destroy(other);
	ctreplay_destroy(one);
	ctreplay_destroy(owner);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("api_answers");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tests, test_account);
	tcase_add_test(tests, test_machine);
	tcase_add_test(tests, test_chains);
	tcase_add_test(tests, test_borrowed_rules);
	tcase_add_test(tests, test_coverage);
	tcase_add_test(tests, test_compared);
	tcase_add_test(tests, test_packets_from_rules);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
