/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that can do nothing: what is proved, by which rules, and what is not said because it would not be certain. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "rules/cover.h"

#define N_ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* "FORWARD 2 shadowed by 1", one each; "policy" for a policy. */
static void tell(void *owner, const struct finding *finding)
{
	static const char *const kinds[] = {
		[FINDING_SHADOWED] = "shadowed", [FINDING_IMPOSSIBLE] = "impossible", [FINDING_REDUNDANT] = "redundant",
	};
	struct text *told = owner;

	text_printf(told, "%s%s %u %s", told->len ? "; " : "", finding->rule->chain, finding->rule->number, kinds[finding->kind]);
	for (size_t i = 0; i < finding->n_by; i++)
		if (finding->by[i]->number)
			text_printf(told, "%s%u", i ? "," : " by ", finding->by[i]->number);
		else
			text_printf(told, "%spolicy", i ? "," : " by ");
}

static const struct {
	const char *name, *rules, *told;
} rows[] = {
	{ "the same rule twice", "-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -p tcp -j DROP\n", "FORWARD 2 shadowed by 1" },
	{ "a part of an earlier range", "-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n-A FORWARD -s 10.1.0.0/16 -p udp -j DROP\n",
	  "FORWARD 2 shadowed by 1" },
	{ "a larger range is not", "-A FORWARD -s 10.1.0.0/16 -j ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j LOG\n", "" },
	{ "two halves take a whole", "-A FORWARD -s 10.0.0.0/9 -j ACCEPT\n-A FORWARD -s 10.128.0.0/9 -j ACCEPT\n"
	  "-A FORWARD -s 10.0.0.0/8 -j LOG\n", "FORWARD 3 shadowed by 1,2" },
	{ "only rules that are needed are named", "-A FORWARD -s 10.0.0.0/9 -j ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n"
	  "-A FORWARD -s 10.0.0.0/8 -j LOG\n", "FORWARD 1 redundant by 2; FORWARD 3 shadowed by 2" },
	{ "everything but a range, and the range", "-A FORWARD ! -d 10.0.0.0/8 -j ACCEPT\n-A FORWARD -d 10.0.0.0/8 -j ACCEPT\n"
	  "-A FORWARD -j LOG\n", "FORWARD 3 shadowed by 1,2" },
	{ "ports", "-A FORWARD -p tcp -m tcp --dport 1:1023 -j ACCEPT\n-A FORWARD -p tcp -m tcp --dport 22 --syn -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "ports of a list by two ranges", "-A FORWARD -p tcp -m tcp --dport 1:100 -j ACCEPT\n-A FORWARD -p tcp -m tcp --dport 90:500 -j DROP\n"
	  "-A FORWARD -p tcp -m multiport --dports 80,443 -j LOG\n", "FORWARD 3 shadowed by 1,2" },
	{ "a port that is outside", "-A FORWARD -p tcp -m tcp --dport 1:100 -j ACCEPT\n"
	  "-A FORWARD -p tcp -m multiport --dports 80,443 -j LOG\n", "" },
	{ "every port does not take what has no header", "-A FORWARD -p tcp -m tcp ! --dport 0 -j ACCEPT\n-A FORWARD -p tcp -m tcp --dport 0 -j ACCEPT\n"
	  "-A FORWARD -p tcp -j LOG\n", "" },
	{ "other protocols' ports", "-A FORWARD -p udp -m udp --dport 53 -j DROP\n-A FORWARD -p tcp -m tcp --dport 53 -j LOG\n", "" },
	{ "states", "-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT\n-A FORWARD -m state --state NEW -p tcp -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "all states", "-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT\n"
	  "-A FORWARD -m conntrack --ctstate INVALID,UNTRACKED -j DROP\n-A FORWARD -j LOG\n", "FORWARD 3 shadowed by 1,2" },
	{ "SNAT is a state beside the state", "-A FORWARD -m conntrack --ctstate SNAT -j ACCEPT\n-A FORWARD -m conntrack --ctstate NEW -j LOG\n", "" },
	{ "criteria of conntrack are not taken apart", "-A FORWARD -m conntrack --ctdir ORIGINAL -j ACCEPT\n"
	  "-A FORWARD -m conntrack --ctstate NEW --ctdir ORIGINAL -j LOG\n", "" },
	{ "the same criteria", "-A FORWARD -m conntrack --ctstate NEW --ctdir ORIGINAL -j ACCEPT\n"
	  "-A FORWARD -p udp -m conntrack --ctstate NEW --ctdir ORIGINAL -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "the state of raw changes", "*raw\n-A PREROUTING -m conntrack --ctstate INVALID -j ACCEPT\n-A PREROUTING -j NOTRACK\n"
	  "-A PREROUTING -m conntrack --ctstate INVALID -j DROP\n", "" },
	{ "flags", "-A FORWARD -p tcp -m tcp --syn -j ACCEPT\n-A FORWARD -s 10.0.0.1 -p tcp -m tcp --dport 22 --syn -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "other flags", "-A FORWARD -p tcp -m tcp --syn -j ACCEPT\n-A FORWARD -p tcp -m tcp --tcp-flags ACK ACK -j LOG\n", "" },
	{ "interfaces", "-A FORWARD -i eth0 -j ACCEPT\n-A FORWARD -i eth0 -o eth1 -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "interfaces by a pattern", "-A FORWARD -i eth+ -j ACCEPT\n-A FORWARD -i eth0 -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "not the other way round", "-A FORWARD -i eth0 -j ACCEPT\n-A FORWARD -i eth+ -j LOG\n", "" },
	{ "an inverted pattern", "-A FORWARD ! -i eth+ -j ACCEPT\n-A FORWARD ! -i eth0 -j LOG\n", "" },
	{ "a limit says no at times", "-A FORWARD -m limit --limit 1/sec -j ACCEPT\n-A FORWARD -p tcp -j LOG\n", "" },
	{ "a limit may stand in the later rule", "-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -p tcp -m limit --limit 1/sec -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "a mark that may change between", "-A FORWARD -m mark --mark 1 -j ACCEPT\n-A FORWARD -j MARK --set-mark 1\n"
	  "-A FORWARD -m mark --mark 1 -j DROP\n", "" },
	{ "an unknown match", "-A FORWARD -m geoip --cc DE -j ACCEPT\n-A FORWARD -j LOG\n", "" },
	{ "a comment narrows nothing", "-A FORWARD -m comment --comment all -j ACCEPT\n-A FORWARD -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "LOG takes nothing", "-A FORWARD -j LOG\n-A FORWARD -p tcp -j LOG\n", "" },
	{ "REJECT does", "-A FORWARD -j REJECT\n-A FORWARD -p tcp -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "RETURN does", ":web - [0:0]\n-A FORWARD -j web\n-A web -p tcp -j RETURN\n-A web -p tcp -m tcp --dport 80 -j DROP\n",
	  "web 2 shadowed by 1" },
	{ "a jump does not", ":web - [0:0]\n-A FORWARD -p tcp -j web\n-A FORWARD -p tcp -j LOG\n-A web -p tcp -m tcp --dport 80 -j DROP\n", "" },
	{ "a jump to a chain that lets nothing back does", ":end - [0:0]\n-A FORWARD -p tcp -j end\n-A FORWARD -p tcp -j LOG\n"
	  "-A end -s 10.0.0.1 -j DROP\n-A end -j ACCEPT\n", "FORWARD 2 shadowed by 1" },
	{ "a goto does", ":web - [0:0]\n-A FORWARD -p tcp -g web\n-A FORWARD -p tcp -j LOG\n-A web -p udp -j DROP\n", "FORWARD 2 shadowed by 1" },
	{ "types of ICMP", "-A FORWARD -p icmp -m icmp --icmp-type 3 -j ACCEPT\n-A FORWARD -p icmp -m icmp --icmp-type 3/4 -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "an address range", "-A FORWARD -m iprange --src-range 10.0.0.1-10.0.0.20 -j ACCEPT\n-A FORWARD -s 10.0.0.8/29 -j LOG\n",
	  "FORWARD 2 shadowed by 1" },
	{ "a mask with holes", "-A FORWARD -s 10.0.0.1/255.0.0.255 -j ACCEPT\n-A FORWARD -s 10.1.1.1 -j LOG\n", "" },
	{ "IPv6", "*filter6\n-A FORWARD -s 2001:db8::/32 -j ACCEPT\n-A FORWARD -s 2001:db8:1::/48 -j LOG\n", "FORWARD 2 shadowed by 1" },
	{ "IPv6, everything", "*filter6\n-A FORWARD -s 8000::/1 -j ACCEPT\n-A FORWARD ! -s 8000::/1 -j ACCEPT\n-A FORWARD -j LOG\n",
	  "FORWARD 3 shadowed by 1,2" },
	{ "nothing is in it", "-A FORWARD ! -s 0.0.0.0/0 -j LOG\n", "FORWARD 1 impossible" },
	{ "two ports at once", "-A FORWARD -p tcp -m tcp --dport 80 -m multiport --dports 443 -j LOG\n", "FORWARD 1 impossible" },
	{ "the policy does the same", ":FORWARD DROP [0:0]\n-A FORWARD -p tcp -j DROP\n", "FORWARD 1 redundant by policy" },
	{ "not when something happens on the way", ":FORWARD DROP [0:0]\n-A FORWARD -p tcp -j DROP\n-A FORWARD -s 10.0.0.1 -j LOG\n", "" },
	{ "when it happens to other packets", ":FORWARD DROP [0:0]\n-A FORWARD -p tcp -j DROP\n-A FORWARD -p udp -j ACCEPT\n",
	  "FORWARD 1 redundant by policy" },
	{ "a later rule does the same", "-A FORWARD -s 10.0.0.1 -j DROP\n-A FORWARD -s 10.0.0.0/8 -j DROP\n-A FORWARD -p tcp -j DROP\n",
	  "FORWARD 1 redundant by 2" },
	{ "other words in REJECT", "-A FORWARD -s 10.0.0.1 -j REJECT --reject-with icmp-host-unreachable\n-A FORWARD -s 10.0.0.0/8 -j REJECT\n", "" },
};

START_TEST(test_found)
{
	const char *rules = rows[_i].rules;
	struct ruleset_input input = { .family = strncmp(rules, "*filter6", 8) == 0 ? FAMILY_IPV6 : FAMILY_IPV4 };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct source source;
	struct text text, told;

	text_init(&text);
	text_init(&told);
	diag_init(&diagnostics);
	if (input.family == FAMILY_IPV6)
		text_printf(&text, "*filter\n%sCOMMIT\n", rules + strlen("*filter6\n"));
	else
		text_printf(&text, "%s%sCOMMIT\n", rules[0] == '*' ? "" : "*filter\n", rules);
	source_init(&source, "test.rules", text_string(&text), text.len);
	input.source = &source;
	ruleset = ruleset_load(&input, 1, NULL, &diagnostics);
	diag_print(&diagnostics, &told);
	ck_assert_msg(ruleset != NULL, "%s: %s", rows[_i].name, text_string(&told));
	text_reset(&told);
	ck_assert(ruleset_find_useless(ruleset, tell, &told));
	ck_assert_msg(strcmp(text_string(&told), rows[_i].told) == 0, "%s: \"%s\", not \"%s\"", rows[_i].name,
		      text_string(&told), rows[_i].told);
	ruleset_destroy(ruleset);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&told);
	text_clear(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/cover");
	TCase *tcase = tcase_create("found");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, test_found, 0, N_ROWS(rows));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
