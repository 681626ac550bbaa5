/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/print.h"

#include <string.h>

#include "packet/protocol.h"
#include "rules/options.h"
#include "rules/program.h"

static void print_not(const struct ast_rule *rule, uint8_t test, struct text *out)
{
	if (rule->inverted & test)
		text_append(out, " !");
}

/* An address with a mask of zero says nothing, unless it is inverted; Linux iptables 1.8.9, print_ip(). */
static void print_address(const struct ast_rule *rule, enum family family, uint8_t test, struct text *out)
{
	const struct masked_address *range = test == TEST_SOURCE ? &rule->source : &rule->destination;

	if (!(rule->tests & test) || (address_is_unspecified(&range->mask) && !(rule->inverted & test)))
		return;
	print_not(rule, test, out);
	text_append(out, test == TEST_SOURCE ? " -s " : " -d ");
	address_print_masked(family, range, out);
}

/* "+" alone compares nothing and is not printed, inverted or not. */
static void print_interface(const struct ast_rule *rule, uint8_t test, struct text *out)
{
	const char *name = test == TEST_IN ? rule->in : rule->out;

	if (!(rule->tests & test) || strcmp(name, "+") == 0)
		return;
	print_not(rule, test, out);
	text_append(out, test == TEST_IN ? " -i " : " -o ");
	text_append(out, name);
}

static void print_protocol(const struct ast_rule *rule, struct text *out)
{
	const char *name = protocol_name(rule->protocol);

	if (!rule->protocol)
		return;
	print_not(rule, TEST_PROTOCOL, out);
	text_append(out, " -p ");
	if (name)
		text_append(out, name);
	else
		text_append_u64(out, rule->protocol);
}

static void print_options(const struct ast_extension *extension, struct text *out)
{
	if (!extension->match && !extension->target) {
		text_append(out, extension->words);
	} else if (extension->match) {
		if (extension->match->print)
			extension->match->print(extension->config, out);
		else
			options_print(extension->match->options, extension->match->n_options, extension->config, out);
	} else if (extension->target->print) {
		extension->target->print(extension->config, out);
	} else {
		options_print(extension->target->options, extension->target->n_options, extension->config, out);
	}
}

static const char *target_of(const struct ast_rule *rule)
{
	if (rule->action == ACTION_CONTINUE)
		return "";
	return rule->jump ? rule->jump->name : rule->target_name.text;
}

void print_rule(const struct ast_rule *rule, enum family family, struct text *out)
{
	print_address(rule, family, TEST_SOURCE, out);
	print_address(rule, family, TEST_DESTINATION, out);
	print_interface(rule, TEST_IN, out);
	print_interface(rule, TEST_OUT, out);
	print_protocol(rule, out);
	if (rule->tests & TEST_FRAGMENT) {
		print_not(rule, TEST_FRAGMENT, out);
		text_append(out, " -f");
	}
	for (const struct ast_extension *match = rule->matches; match; match = match->next) {
		text_printf(out, " -m %s", match->match ? match->match->name : match->name.text);
		print_options(match, out);
	}
	if (rule->action == ACTION_CONTINUE)
		return;
	text_printf(out, " -%c %s", rule->is_goto ? 'g' : 'j', target_of(rule));
	if (rule->target)
		print_options(rule->target, out);
}

const char *print_rule_text(struct ast_rule *rule, enum family family, struct arena *arena)
{
	struct text text;

	if (rule->text)
		return rule->text;
	text_init(&text);
	print_rule(rule, family, &text);
	rule->text = arena_copy_string(arena, text_string(&text));
	text_clear(&text);
	return rule->text;
}

/* An interface's column: '!' and the name, "*" for any; padded to six. */
static void list_interface(const struct ast_rule *rule, uint8_t test, struct text *out)
{
	const char *name = test == TEST_IN ? rule->in : rule->out;
	size_t start = out->len;

	if (!(rule->tests & test)) {
		text_append_char(out, '*');
	} else {
		if (rule->inverted & test)
			text_append_char(out, '!');
		text_append(out, name);
	}
	text_pad_to(out, start, 6);
	text_append_char(out, ' ');
}

/* An address's column: no "/32", "0.0.0.0/0" for any; padded to nineteen behind a blank or '!'. */
static void list_address(const struct ast_rule *rule, enum family family, uint8_t test, struct text *out)
{
	const struct masked_address *range = test == TEST_SOURCE ? &rule->source : &rule->destination;
	size_t start;

	text_append_char(out, rule->inverted & test ? '!' : ' ');
	start = out->len;
	if (!(rule->tests & test) || address_is_unspecified(&range->mask))
		text_append(out, family == FAMILY_IPV6 ? "::/0" : "0.0.0.0/0");
	else if (address_mask_prefix_len(family, &range->mask) == (family == FAMILY_IPV6 ? 128 : 32))
		address_print(family, &range->address, out);
	else
		address_print_masked(family, range, out);
	text_pad_to(out, start, 19);
	text_append_char(out, ' ');
}

static void list_extension(const struct ast_extension *extension, struct text *out)
{
	void (*list)(const void *config, struct text *out) = NULL;

	if (extension->match)
		list = extension->match->list;
	else if (extension->target)
		list = extension->target->list;
	if (list)
		list(extension->config, out);
	else if (!extension->match && !extension->target)
		text_printf(out, " [%s%s]", extension->name.text, extension->words);
}

static void list_fragment(const struct ast_rule *rule, struct text *out)
{
	if (!(rule->tests & TEST_FRAGMENT))
		text_append(out, "-- ");
	else
		text_append(out, rule->inverted & TEST_FRAGMENT ? "!f " : "-f ");
}

void print_listing(const struct ast_rule *rule, enum family family, struct text *out)
{
	size_t start = out->len;

	if (rule->target && rule->target->target && rule->target->target->listed_name)
		text_append(out, rule->target->target->listed_name);
	else
		text_append(out, target_of(rule));
	text_pad_to(out, start, 9);
	text_append_char(out, ' ');
	text_append_char(out, rule->inverted & TEST_PROTOCOL ? '!' : ' ');
	start = out->len;
	text_append_u64(out, rule->protocol);
	text_pad_to(out, start, 4);
	text_append_char(out, ' ');
	list_fragment(rule, out);
	text_append_char(out, ' ');
	list_interface(rule, TEST_IN, out);
	list_interface(rule, TEST_OUT, out);
	list_address(rule, family, TEST_SOURCE, out);
	list_address(rule, family, TEST_DESTINATION, out);
	if (rule->is_goto)
		text_append(out, "[goto] ");
	for (const struct ast_extension *match = rule->matches; match; match = match->next)
		list_extension(match, out);
	if (rule->target)
		list_extension(rule->target, out);
}

static void print_counters(uint64_t n_packets, uint64_t n_bytes, struct text *out)
{
	text_printf(out, "[%llu:%llu]", (unsigned long long)n_packets, (unsigned long long)n_bytes);
}

static void print_chain_line(const struct ast_chain *chain, bool has_counters, struct text *out)
{
	text_printf(out, ":%s %s ", chain->name, !chain->is_builtin ? "-" : chain->drops ? "DROP" : "ACCEPT");
	print_counters(has_counters ? chain->n_packets : 0, has_counters ? chain->n_bytes : 0, out);
	text_append_char(out, '\n');
}

static void print_table(const struct program *program, bool has_counters, struct text *out)
{
	text_printf(out, "*%s\n", table_name(program->table->table));
	for (size_t i = 0; i < program->n_chains; i++)
		print_chain_line(program->chains[i], has_counters, out);
	for (size_t i = 0; i < program->n_chains; i++) {
		for (size_t k = 0; k < program->chains[i]->n_rules; k++) {
			const struct ast_rule *rule = program->chains[i]->rules[k];

			if (has_counters) {
				print_counters(rule->n_packets, rule->n_bytes, out);
				text_append_char(out, ' ');
			}
			text_printf(out, "%s\n", rule->place.text);
		}
	}
	text_append(out, "COMMIT\n");
}

void ruleset_print_as_loaded(const struct ruleset *ruleset, enum family family, struct text *out)
{
	for (unsigned i = TABLE_COUNT; i-- > 0;) {
		enum table table = ast_table_at(&ruleset->ast, family, i);

		if (table < TABLE_COUNT)
			print_table(&ruleset->programs[ast_family_index(family)][table], false, out);
	}
}

void ruleset_print(const struct ruleset *ruleset, enum family family, bool has_counters, struct text *out)
{
	enum table table;

	for (unsigned i = 0; (table = ast_table_at(&ruleset->ast, family, i)) < TABLE_COUNT; i++)
		print_table(&ruleset->programs[ast_family_index(family)][table], has_counters, out);
}
