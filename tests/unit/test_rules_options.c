/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding, storing, refusing and printing options: the message, and the piece of the text it points at. */
#include "rules_fixture.h"

static const struct {
	const char *match, *name, *found;	/* NULL: none, or more than one */
} names[] = {
	{ "tcp", "dport", "dport" },
	{ "tcp", "destination-port", "dport" },
	{ "tcp", "dest", "dport" },
	{ "tcp", "tcp-", NULL },
	{ "tcp", "tcp-f", "tcp-flags" },
	{ "tcp", "s", NULL },
	{ "tcp", "dports", NULL },
	{ "tcp", "", NULL },
	{ "multiport", "dport", "dports" },
	{ "multiport", "p", "ports" },
	{ "conntrack", "ctorigsrc", "ctorigsrc" },
	{ "conntrack", "ctorigsrcp", "ctorigsrcport" },
	{ "conntrack", "ctorigs", NULL },
	{ "limit", "limit", "limit" },
	{ "limit", "limit-", "limit-burst" },
	{ "limit", "lim", NULL },
};

START_TEST(names_may_be_cut_while_one_fits)
{
	const struct match_type *match = extension_find_match(names[_i].match, FAMILY_IPV4);
	const struct option_spec *option = options_find(match->options, match->n_options, names[_i].name);

	ck_assert_pstr_eq(option ? option->name : NULL, names[_i].found);
}
END_TEST

static const struct {
	const char *match, *options, *where, *words;
} errors[] = {
	{ "conntrack", "--ctstate NEW,RELATD,ESTABLISHED", "RELATD", "unknown state \"RELATD\"" },
	{ "conntrack", "--ctstate ESTABLISED,RELATED", "ESTABLISED", "did you mean ESTABLISHED?" },
	{ "conntrack", "--ctstate NEW,,RELATED", "", "a state is missing" },
	{ "conntrack", "! --ctdir REPLY", "--ctdir", "--ctdir cannot be inverted" },
	{ "conntrack", "--ctorigsrc ::1", "::1", "\"::1\" is not an IPv4 address" },
	{ "conntrack", "--ctorigsrc 10.0.0.0/40", "40", "neither a mask nor a length from 0 to 32" },
	{ "conntrack", "--ctproto tpc", "tpc", "did you mean tcp?" },
	{ "conntrack", "--ctexpire 5:x", "x", "\"x\" is not a number from 0 to 4294967295" },
	{ "tcp", "--dport 22:99999", "99999", "port 99999 is out of range" },
	{ "tcp", "--dport 80:22", "80:22", "the range 80:22 is empty" },
	{ "tcp", "--dport 1 --destination-port 2", "--destination-port", "--dport is given twice" },
	{ "tcp", "--syn --tcp-flags SYN SYN", "--tcp-flags", "--tcp-flags cannot stand together with --syn" },
	{ "tcp", "--tcp-flags SYN,SIN ACK", "SIN", "unknown TCP flag \"SIN\"" },
	{ "multiport", "--dports 1,2,70000,4", "70000", "port 70000 is out of range" },
	{ "multiport", "--dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16", "15:16", "more than 15 ports" },
	{ "multiport", "--dports 1 --ports 2", "--ports", "--ports cannot stand together with --sports or --dports" },
	{ "icmp", "--icmp-type ecko-request", "ecko-request", "did you mean echo-request?" },
	{ "limit", "--limit 5/fortnight", "5/fortnight", "\"5/fortnight\" is not a rate" },
	{ "mark", "--mark 1/zz", "zz", "\"zz\" is not a number" },
	{ "pkttype", "--pkt-type unicats", "unicats", "did you mean unicast?" },
};

/* The caret's line: as many blanks as stand before `where`, then one mark a character. */
static void expect_caret(const char *printed, const char *options, const char *where)
{
	const char *caret = strrchr(printed, '^'), *line = caret;
	size_t len = strlen(where), column, tildes;

	ck_assert_msg(caret != NULL, "%s", printed);
	while (line[-1] != '\n')
		line--;
	column = (size_t)(caret - line) - strlen("      | ");
	tildes = strspn(caret + 1, "~");
	ck_assert_msg(strncmp(options + column, where, len) == 0, "%s", printed);
	ck_assert_msg(tildes + 1 == (len ? len : 1), "%s", printed);
}

START_TEST(errors_point_at_the_word)
{
	const struct match_type *match = extension_find_match(errors[_i].match, FAMILY_IPV4);
	struct extension_place place = { .family = FAMILY_IPV4 };
	struct rules_fixture fixture;
	struct text text;

	rules_fixture_init(&fixture);
	text_init(&text);
	ck_assert(!rules_fixture_configure(&fixture, match->options, match->n_options, errors[_i].options, &place));
	diag_print(&fixture.diagnostics, &text);
	ck_assert_uint_eq(fixture.diagnostics.n_errors, 1);
	ck_assert_msg(strstr(text_string(&text), errors[_i].words) != NULL, "%s", text_string(&text));
	expect_caret(text_string(&text), errors[_i].options, errors[_i].where);
	text_clear(&text);
	rules_fixture_clear(&fixture);
}
END_TEST

START_TEST(every_bad_word_of_a_list_is_said)
{
	const struct match_type *match = extension_find_match("conntrack", FAMILY_IPV4);
	struct extension_place place = { .family = FAMILY_IPV4 };
	struct rules_fixture fixture;

	rules_fixture_init(&fixture);
	ck_assert(!rules_fixture_configure(&fixture, match->options, match->n_options, "--ctstate NUE,OLD,NEW", &place));
	ck_assert_uint_eq(fixture.diagnostics.n_errors, 2);
	rules_fixture_clear(&fixture);
}
END_TEST

/* Where the word in the source is written otherwise (escapes), the whole word is shown. */
START_TEST(a_piece_is_not_looked_for_in_other_bytes)
{
	struct source source;
	struct argument argument = { .text = "a,b", .where = { &source, 0, 3 } };
	struct option_word word;
	const char *at = argument.text;

	source_init(&source, "test", "a\\,b", 4);
	options_next_word(&argument, &at, ',', &word);
	ck_assert_str_eq(word.text, "a");
	ck_assert_uint_eq(word.where.offset, 0);
	ck_assert_uint_eq(word.where.len, 3);
	options_next_word(&argument, &at, ',', &word);
	ck_assert_str_eq(word.text, "b");
	ck_assert_uint_eq(word.where.len, 3);
	ck_assert_ptr_null(at);
	source_clear(&source);
}
END_TEST

static const struct {
	const char *string, *printed;
} strings[] = {
	{ "plain-Word_1", "plain-Word_1" }, { "", "\"\"" }, { "two words", "\"two words\"" }, { "a.b", "\"a.b\"" },
	{ "it's", "\"it\\'s\"" }, { "say \"hi\"", "\"say \\\"hi\\\"\"" }, { "back\\slash", "\"back\\\\slash\"" },
};

START_TEST(strings_are_quoted_as_iptables_save_does)
{
	struct text text;

	text_init(&text);
	options_print_string(strings[_i].string, &text);
	ck_assert_str_eq(text_string(&text), strings[_i].printed);
	text_clear(&text);
}
END_TEST

/* The registry is whole: names in order, every callback that rules/ calls without asking is there. */
START_TEST(extensions_are_complete)
{
	const struct match_type *const *match = extension_matches();
	const struct target_type *const *target = extension_targets();

	for (; *match; match++) {
		/* One name may be two extensions, one a family. */
		ck_assert(!match[1] || strcmp(match[0]->name, match[1]->name) < 0 ||
			  !(match[0]->families & match[1]->families));
		ck_assert((*match)->eval && (*match)->list && (*match)->summary && (*match)->families);
		ck_assert_uint_ge((*match)->config_size, sizeof(struct option_marks));
	}
	for (; *target; target++) {
		ck_assert(!target[1] || strcmp(target[0]->name, target[1]->name) < 0);
		ck_assert((*target)->eval && (*target)->summary && (*target)->families);
		/* Without options there is nothing to list behind the name. */
		ck_assert((*target)->list || !(*target)->n_options);
	}
	ck_assert_ptr_null(extension_find_match("icmp", FAMILY_IPV6));
	ck_assert_ptr_null(extension_find_match("hl", FAMILY_IPV4));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("options");

	tcase_add_loop_test(tcase, names_may_be_cut_while_one_fits, 0, N_ROWS(names));
	tcase_add_loop_test(tcase, errors_point_at_the_word, 0, N_ROWS(errors));
	tcase_add_test(tcase, every_bad_word_of_a_list_is_said);
	tcase_add_test(tcase, a_piece_is_not_looked_for_in_other_bytes);
	tcase_add_loop_test(tcase, strings_are_quoted_as_iptables_save_does, 0, N_ROWS(strings));
	tcase_add_test(tcase, extensions_are_complete);
	return script_packets_run("rules/options", tcase);
}
