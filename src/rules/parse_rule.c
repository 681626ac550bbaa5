/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One iptables command line, word by word: what getopt_long() and iptables 1.8.9's do_command4() make of it. */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "rules/options.h"
#include "rules/parse.h"

void parse_error(struct invocation *invocation, struct source_range where, const char *hint, const char *format, ...)
{
	struct text text;
	va_list args;

	text_init(&text);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	diag_error(invocation->parser->diagnostics, where, hint, "%s", text_string(&text));
	text_clear(&text);
	invocation->has_failed = true;
}

void parse_invocation_init(struct invocation *invocation, struct parser *parser, const struct lex_words *words, size_t first)
{
	*invocation = (struct invocation){
		.parser = parser,
		.words = words->words + first,
		.n_words = words->n_words - first,
		.where = words->where,
		.line = words->line,
		.table = TABLE_FILTER,
		.family = FAMILY_IPV4,
	};
	if (invocation->n_words) {
		const struct source_range *last = &words->words[words->n_words - 1].where;

		invocation->where.offset = invocation->words[0].where.offset;
		if (last->offset + last->len > invocation->where.offset)
			invocation->where.len = last->offset + last->len - invocation->where.offset;
	}
	invocation->rule = arena_alloc(&parser->ast->arena, sizeof(*invocation->rule));
	invocation->rule->where = invocation->where;
	invocation->rule->line = words->line;
}

bool parse_is_not(const struct argument *word)
{
	const struct source_range *where = &word->where;

	return strcmp(word->text, "!") == 0 && where->len == 1 &&
	       (!where->offset || !strchr("\"'", where->source->text[where->offset - 1]));
}

/* Is it certainly an option, so that it cannot be the value that an option before it wants? */
static bool looks_like_option(const char *word)
{
	size_t n_fitting;

	if (word[0] != '-' || !word[1])
		return false;
	if (word[1] == '-')
		return word[2] && parse_option_by_name(word + 2, true, &n_fitting);
	return !word[2] && parse_option_by_letter(word[1]);
}

/* "--dport ! 80": what iptables took until 1.4.3, and people still write. */
static void take_late_not(struct invocation *invocation, struct parsed_option *option)
{
	struct parser *parser = invocation->parser;

	if (option->value.text || invocation->next >= invocation->n_words ||
	    !parse_is_not(&invocation->words[invocation->next]))
		return;
	option->is_inverted = true;
	option->inversion = invocation->words[invocation->next++];
	if (parser->warned_late_not)
		return;
	parser->warned_late_not = true;
	diag_warning(parser->diagnostics, option->inversion.where, "write the `!` before the option",
		     "`!` behind %s: iptables 1.8.9 refuses this; it is taken as \"! %s\"", option->name.text,
		     option->name.text);
}

const struct argument *parse_value(struct invocation *invocation, struct parsed_option *option, const char *value_name)
{
	struct text hint;

	take_late_not(invocation, option);
	if (option->value.text)
		return &option->value;
	if (invocation->next < invocation->n_words && !looks_like_option(invocation->words[invocation->next].text))
		return &invocation->words[invocation->next++];
	text_init(&hint);
	text_printf(&hint, "%s %s", option->name.text, value_name);
	parse_error(invocation, option->name.where, text_string(&hint), "%s needs a value", option->name.text);
	text_clear(&hint);
	return NULL;
}

/* The optional word behind an option: not one that begins with '-' or '!'. */
static const struct argument *optional_value(struct invocation *invocation, struct parsed_option *option)
{
	const struct argument *word;

	if (option->value.text)
		return &option->value;
	if (invocation->next >= invocation->n_words)
		return NULL;
	word = &invocation->words[invocation->next];
	if (word->text[0] == '-' || word->text[0] == '!')
		return NULL;
	invocation->next++;
	return word;
}

static bool parse_command_option(struct invocation *invocation, const struct generic_option *generic,
				 struct parsed_option *option)
{
	const struct argument *word;

	/* -L -Z: both, in either order. */
	if ((invocation->command == 'L' && generic->letter == 'Z') || (invocation->command == 'Z' && generic->letter == 'L')) {
		if ((word = optional_value(invocation, option)))
			invocation->chain = *word;
		invocation->command = 'Z';
		return true;
	}
	if (invocation->command) {
		parse_error(invocation, option->name.where,
			    "one command a line: is a line end missing before it?",
			    "%s and %s cannot be used together", invocation->command_word.text, option->name.text);
		return false;
	}
	invocation->command = generic->letter;
	invocation->command_word = option->name;
	if (generic->n_values) {
		word = parse_value(invocation, option, "chain");
		if (!word)
			return false;
		invocation->chain = *word;
		option->value.text = NULL;
	} else if ((word = optional_value(invocation, option))) {
		invocation->chain = *word;
		option->value.text = NULL;
	}
	if (generic->n_values == 2) {
		word = parse_value(invocation, option, generic->letter == 'P' ? "chain ACCEPT or DROP" :
				   generic->letter == 'E' ? "old-chain new-chain" : "chain rule-number");
		if (!word)
			return false;
		invocation->second = *word;
	}
	if (generic->has_optional && (generic->n_values || (invocation->chain.text && strchr("LSZ", generic->letter))) &&
	    (word = optional_value(invocation, option)))
		invocation->number = *word;
	return true;
}

static bool parse_table(struct invocation *invocation, struct parsed_option *option)
{
	static const char *const names[] = { "filter", "nat", "mangle", "raw", "security" };
	const struct argument *word = parse_value(invocation, option, "table");
	const char *nearest;
	struct text hint;

	if (!word)
		return false;
	if (invocation->is_saved) {
		parse_error(invocation, option->name.where, "the table is the one of the \"*table\" line above",
			    "-t cannot be used inside a table");
		return false;
	}
	invocation->table = ast_table_by_name(word->text);
	if (invocation->table < TABLE_COUNT)
		return true;
	nearest = diag_nearest(word->text, names, 5);
	text_init(&hint);
	text_printf(&hint, nearest ? "did you mean %s?" : "tables: filter, nat, mangle, raw, security", nearest);
	parse_error(invocation, word->where, text_string(&hint), "unknown table \"%s\"",
		    lex_shorten(&invocation->parser->ast->arena, word->text));
	text_clear(&hint);
	return false;
}

/* Options that may stand once in a rule; -j and -g count as one. */
static bool check_once(struct invocation *invocation, char letter, const struct parsed_option *option)
{
	static const char once[] = "sdpiofjc";
	const char *at = strchr(once, letter == 'g' ? 'j' : letter);
	uint32_t bit;

	if (!at)
		return true;
	bit = UINT32_C(1) << (at - once);
	if (invocation->seen & bit) {
		parse_error(invocation, option->name.where,
			    letter == 's' || letter == 'd' ? "list addresses with commas, or write two rules" :
			    letter == 'j' || letter == 'g' ? "a rule has one target: write another rule for the second" :
			    letter == 'p' ? "write a rule for each protocol" :
			    letter == 'i' || letter == 'o' ? "write a rule for each interface; eth+ is every one that begins with eth" : NULL,
			    "%s is given twice", option->name.text);
		return false;
	}
	invocation->seen |= bit;
	return true;
}

static bool parse_fragment(struct invocation *invocation, const struct parsed_option *option)
{
	if (invocation->family == FAMILY_IPV6) {
		parse_error(invocation, option->name.where, "use -m frag", "%s is for IPv4 rules only", option->name.text);
		return false;
	}
	invocation->rule->tests |= TEST_FRAGMENT;
	if (option->is_inverted)
		invocation->rule->inverted |= TEST_FRAGMENT;
	return true;
}

static bool parse_rule_option(struct invocation *invocation, char letter, struct parsed_option *option)
{
	const struct argument *word;

	if (!check_once(invocation, letter, option))
		return false;
	switch (letter) {
	case 's':
	case 'd':
		return parse_addresses(invocation, option, letter == 's');
	case 'i':
	case 'o':
		return parse_interface(invocation, option, letter == 'i');
	case 'p':
		return parse_protocol(invocation, option);
	case 'f':
		return parse_fragment(invocation, option);
	case 'c':
		return parse_counters(invocation, option);
	case 't':
		return parse_table(invocation, option);
	case '4':
	case '6':
		return true;
	case 'm':
		word = parse_value(invocation, option, "match");
		return word && parse_match(invocation, word);
	default:
		word = parse_value(invocation, option, "target");
		return word && parse_target(invocation, word, letter == 'g');
	}
}

static bool parse_generic_option(struct invocation *invocation, const struct generic_option *generic,
				 struct parsed_option *option)
{
	if (option->is_inverted && !strchr("sdpiof", generic->letter)) {
		parse_error(invocation, option->inversion.where, NULL, "`!` cannot stand before %s", option->name.text);
		return false;
	}
	if (generic->kind == GENERIC_COMMAND)
		return parse_command_option(invocation, generic, option);
	if (parse_option_refuse_attached(invocation, generic, option) || !parse_option_note(invocation, generic, option))
		return false;
	if (generic->kind == GENERIC_RULE)
		return parse_rule_option(invocation, generic->letter, option);
	if (generic->n_values)
		return parse_value(invocation, option, "value") != NULL;
	/* -w takes a number of seconds, attached or not. */
	if (generic->has_optional)
		(void)optional_value(invocation, option);
	return true;
}

static bool parse_long_option(struct invocation *invocation, struct parsed_option *option)
{
	const char *name = option->name.text + 2;
	bool has_unsimulated = invocation->last_unsimulated != NULL;
	const struct generic_option *generic;
	size_t n_fitting;
	int result;

	generic = parse_option_by_name(name, true, &n_fitting);
	if (generic)
		return parse_generic_option(invocation, generic, option);
	result = parse_extension_option(invocation, option);
	if (result)
		return result > 0;
	/* What begins like a generic option may be whole for an extension that nobody simulates: -m recent --set. */
	generic = parse_option_by_name(name, has_unsimulated, &n_fitting);
	if (generic && n_fitting == 1)
		return parse_generic_option(invocation, generic, option);
	if (!parse_protocol_match(invocation, name)) {
		parse_unknown_option(invocation, option);
		return !invocation->has_failed;
	}
	result = parse_extension_option(invocation, option);
	if (result == 0)
		parse_unknown_option(invocation, option);
	return !invocation->has_failed;
}

/* "--name", "--name=value" */
static bool split_long_option(struct invocation *invocation, const struct argument *word, struct parsed_option *option)
{
	const char *equals = strchr(word->text, '=');
	size_t len;

	option->name = *word;
	if (equals) {
		len = (size_t)(equals - word->text);
		option->name.text = arena_copy(&invocation->parser->ast->arena, word->text, len);
		option->value.text = equals + 1;
		option->value.where = word->where;
		option->value.is_as_written = word->is_as_written;
		if (word->is_as_written) {
			option->name.where.len = (uint32_t)len;
			option->value.where.offset += (uint32_t)len + 1;
			option->value.where.len -= (uint32_t)len + 1;
		}
	}
	return parse_long_option(invocation, option);
}

/* Is what stands right behind a letter its value, not another letter? -w5, but -wA. */
static bool has_attached_value(const struct generic_option *generic, char next)
{
	if (!next)
		return false;
	if (generic->letter == 'w')
		return isdigit((unsigned char)next);
	return generic->n_values || generic->has_optional;
}

/* "-p", "-ptcp", "-nvL" */
static bool parse_short_options(struct invocation *invocation, const struct argument *word, struct parsed_option *option)
{
	struct arena *arena = &invocation->parser->ast->arena;

	if (word->text[2] && parse_is_long_name(invocation, word->text + 1)) {
		parse_error(invocation, word->where, "long options begin with two dashes", "unknown option \"%s\"",
			    word->text);
		return false;
	}
	for (size_t i = 1; word->text[i]; i++) {
		const struct generic_option *generic = parse_option_by_letter(word->text[i]);
		struct source_range where = word->where;

		if (word->is_as_written) {
			where.offset += (uint32_t)(i == 1 ? 0 : i);
			where.len = i == 1 ? 2 : 1;
		}
		option->name.text = i == 1 && !word->text[2] ? word->text :
				    arena_copy(arena, (char[]){ '-', word->text[i] }, 2);
		option->name.where = where;
		if (!generic) {
			parse_unknown_option(invocation, option);
			return false;
		}
		if (has_attached_value(generic, word->text[i + 1])) {
			option->value.text = word->text + i + 1;
			option->value.where = word->where;
			option->value.is_as_written = word->is_as_written;
			if (word->is_as_written) {
				option->value.where.offset += (uint32_t)i + 1;
				option->value.where.len -= (uint32_t)i + 1;
			}
			return parse_generic_option(invocation, generic, option);
		}
		if (!parse_generic_option(invocation, generic, option))
			return false;
	}
	return true;
}

static bool parse_next_option(struct invocation *invocation)
{
	struct parsed_option option = { .is_inverted = false };
	const struct argument *word = &invocation->words[invocation->next++];

	if (strcmp(word->text, "!") == 0) {
		option.is_inverted = true;
		option.inversion = *word;
		if (invocation->next == invocation->n_words || invocation->words[invocation->next].text[0] != '-') {
			parse_error(invocation, word->where, "it inverts the option behind it: ! -s 192.0.2.1",
				    "`!` without an option behind it");
			return false;
		}
		word = &invocation->words[invocation->next++];
	}
	/* getopt_long(3): behind it there are no options any more. */
	if (strcmp(word->text, "--") == 0 && invocation->next == invocation->n_words)
		return true;
	if (word->text[0] != '-' || !word->text[1] || strcmp(word->text, "--") == 0) {
		parse_stray_word(invocation, word);
		return false;
	}
	if (word->text[1] == '-')
		return split_long_option(invocation, word, &option);
	return parse_short_options(invocation, word, &option);
}

/* After all words: what one extension still wants. The place in a table is judged by check, when jumps are known. */
static void finish_extension(struct invocation *invocation, const struct ast_extension *extension)
{
	const uint8_t *protocols = extension->match ? extension->match->protocols : extension->target->protocols;
	const struct ast_rule *rule = invocation->rule;
	struct text hint;

	if (!options_check(extension->match ? extension->match->options : extension->target->options,
			   extension->match ? extension->match->n_options : extension->target->n_options,
			   extension->config, extension->name.text, extension->name.where,
			   invocation->parser->diagnostics))
		invocation->has_failed = true;
	if (!protocols)
		return;
	for (const uint8_t *protocol = protocols; *protocol; protocol++) {
		if (*protocol == rule->protocol && !(rule->inverted & TEST_PROTOCOL))
			return;
	}
	text_init(&hint);
	text_append(&hint, "the rule needs ");
	parse_protocol_names(protocols, &hint);
	parse_error(invocation, extension->name.where, text_string(&hint), "%s %s needs a protocol that it understands",
		    extension->match ? "match" : "target", extension->name.text);
	text_clear(&hint);
}

/* -t may stand behind what depends on it; which table a chain is in must be known first. */
static void find_table(struct invocation *invocation)
{
	for (size_t i = 0; i < invocation->n_words; i++) {
		const char *word = invocation->words[i].text, *name = NULL;
		enum table table;

		if ((strcmp(word, "-t") == 0 || strcmp(word, "--table") == 0) && i + 1 < invocation->n_words)
			name = invocation->words[i + 1].text;
		else if (strncmp(word, "--table=", 8) == 0)
			name = word + 8;
		else if (word[0] == '-' && word[1] == 't')
			name = word + 2;
		table = name ? ast_table_by_name(name) : TABLE_COUNT;
		if (table != TABLE_COUNT)
			invocation->table = table;
	}
}

/* -4 and -6: the whole line is for one family alone, and the other does not even read it. */
static bool is_for_other_family(const struct invocation *invocation)
{
	bool is_ipv6 = invocation->family == FAMILY_IPV6;

	for (size_t i = 0; i < invocation->n_words; i++) {
		if (strcmp(invocation->words[i].text, is_ipv6 ? "-4" : "-6") == 0 ||
		    strcmp(invocation->words[i].text, is_ipv6 ? "--ipv4" : "--ipv6") == 0)
			return true;
	}
	return false;
}

bool parse_invocation(struct invocation *invocation)
{
	if (is_for_other_family(invocation))
		return true;
	if (!invocation->is_saved)
		find_table(invocation);
	while (invocation->next < invocation->n_words && !invocation->has_failed) {
		if (!parse_next_option(invocation))
			invocation->has_failed = true;
	}
	for (size_t i = 0; i < invocation->n_loaded && !invocation->has_failed; i++) {
		if (invocation->loaded[i]->match || invocation->loaded[i]->target)
			finish_extension(invocation, invocation->loaded[i]);
	}
	return !invocation->has_failed && parse_option_check(invocation) && parse_apply(invocation);
}
