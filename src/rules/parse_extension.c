/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m and -j: finding extensions, and giving each option to the one that owns it. */
#include <string.h>

#include "packet/protocol.h"
#include "rules/options.h"
#include "rules/parse.h"

/* Other names of matches (libxtables 1.8.9, xtables_find_match()). */
static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "icmpv6", "icmp6" }, { "ipv6-icmp", "icmp6" },
};

static const char *canonical_match(const char *name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(aliases[i].alias, name) == 0)
			return aliases[i].name;
	}
	return name;
}

struct extension_place parse_place(const struct invocation *invocation, struct source_range where)
{
	const struct ast_table *table =
		&invocation->parser->ast->tables[ast_family_index(invocation->family)][invocation->table];
	const struct ast_chain *chain = invocation->chain.text ? ast_find_chain(table, invocation->chain.text) : NULL;

	return (struct extension_place){
		.family = invocation->family,
		.profile = invocation->parser->ast->profile,
		.sets = invocation->parser->ast->sets,
		.policies = invocation->parser->ast->policies,
		.table = table_name(invocation->table),
		.chain = chain ? chain->name : "",
		.hooks = chain && chain->is_builtin ? UINT32_C(1) << chain->hook : 0,
		.protocol = invocation->rule->protocol,
		.protocol_is_inverted = (invocation->rule->inverted & TEST_PROTOCOL) != 0,
		.where = where,
	};
}

void parse_protocol_names(const uint8_t *protocols, struct text *out)
{
	for (const uint8_t *protocol = protocols; *protocol; protocol++) {
		const char *name = protocol_name(*protocol);

		if (protocol != protocols)
			text_append(out, protocol[1] ? ", " : " or ");
		if (name)
			text_printf(out, "-p %s", name);
		else
			text_printf(out, "-p %d", *protocol);
	}
}

static struct ast_extension *load(struct invocation *invocation, const struct argument *name)
{
	struct ast_extension *extension = arena_alloc(&invocation->parser->ast->arena, sizeof(*extension));

	extension->name = *name;
	extension->words = "";
	if (invocation->n_loaded == EXTENSIONS_MOST) {
		parse_error(invocation, name->where, NULL, "more than %d matches in one rule", EXTENSIONS_MOST);
		return NULL;
	}
	invocation->loaded[invocation->n_loaded++] = extension;
	return extension;
}

static void *make_config(struct invocation *invocation, size_t size, void (*init)(void *config))
{
	void *config = arena_alloc(&invocation->parser->ast->arena, size ? size : sizeof(struct option_marks));

	if (init)
		init(config);
	return config;
}

static const char *hint_of(struct invocation *invocation, const char *format, const char *word)
{
	struct text text;
	const char *copy;

	if (!word)
		return NULL;
	text_init(&text);
	text_printf(&text, format, word);
	copy = arena_copy_string(&invocation->parser->ast->arena, text_string(&text));
	text_clear(&text);
	return copy;
}

static const char *nearest_match(const char *name)
{
	const char *names[128];
	const struct match_type *const *matches = extension_matches();
	size_t n = 0;

	for (; *matches && n < 128; matches++)
		names[n++] = (*matches)->name;
	return diag_nearest(name, names, n);
}

/* A match that nobody knows is mentioned once a file. */
static void report_unknown_match(struct invocation *invocation, const struct ast_extension *extension)
{
	struct parser *parser = invocation->parser;
	const char *name = lex_shorten(&parser->ast->arena, extension->name.text);

	if (parser->options->is_strict) {
		parse_error(invocation, extension->name.where, NULL, "match %s is not simulated", name);
		return;
	}
	if (map_find(&parser->reported, extension->name.text))
		return;
	map_add(&parser->reported, extension->name.text, parser);
	diag_warning(parser->diagnostics, extension->name.where, NULL, "unknown match \"%s\": its rules are not simulated", name);
}

/*
 * Nearly the name of a match, or none at all: a mistake. What is far from every known name may be a match that other packages
 * bring; so may these two of xtables-addons, which are near.
 */
static bool is_misspelt(struct invocation *invocation, const struct argument *name)
{
	const char *nearest = nearest_match(name->text);

	if (strcmp(name->text, "quota2") == 0 || strcmp(name->text, "length2") == 0)
		return false;
	if (!*name->text)
		parse_error(invocation, name->where, NULL, "empty match name");
	else if (nearest)
		parse_error(invocation, name->where, hint_of(invocation, "did you mean %s?", nearest), "unknown match \"%s\"",
			    lex_shorten(&invocation->parser->ast->arena, name->text));
	return invocation->has_failed;
}

bool parse_match(struct invocation *invocation, const struct argument *name)
{
	const char *canonical = canonical_match(name->text);
	enum family other = invocation->family == FAMILY_IPV6 ? FAMILY_IPV4 : FAMILY_IPV6;
	struct ast_extension *extension = load(invocation, name), **end;

	if (!extension)
		return false;
	extension->match = extension_find_match(canonical, invocation->family);
	if (!extension->match && extension_find_match(canonical, other)) {
		parse_error(invocation, name->where, NULL, "match %s is for IPv%d rules only", name->text, other);
		return false;
	}
	for (end = &invocation->rule->matches; *end; end = &(*end)->next)
		;
	*end = extension;
	if (extension->match) {
		extension->config = make_config(invocation, extension->match->config_size, extension->match->init);
		return true;
	}
	if (is_misspelt(invocation, name))
		return false;
	extension->reason = hint_of(invocation, "-m %s", extension->name.text);
	invocation->last_unsimulated = extension;
	report_unknown_match(invocation, extension);
	return !invocation->has_failed;
}

static enum rule_action standard_action(const char *name)
{
	static const struct {
		const char *name;
		enum rule_action action;
	} standard[] = {
		{ "ACCEPT", ACTION_ACCEPT }, { "DROP", ACTION_DROP }, { "RETURN", ACTION_RETURN }, { "QUEUE", ACTION_QUEUE },
	};

	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++) {
		if (strcmp(standard[i].name, name) == 0)
			return standard[i].action;
	}
	return ACTION_CONTINUE;
}

/* A target's name that is neither standard nor a chain: an extension, or something that check will look for. */
static bool load_target(struct invocation *invocation, const struct argument *name)
{
	enum family other = invocation->family == FAMILY_IPV6 ? FAMILY_IPV4 : FAMILY_IPV6;
	struct ast_rule *rule = invocation->rule;
	struct ast_extension *extension = load(invocation, name);

	if (!extension)
		return false;
	extension->target = extension_find_target(name->text, invocation->family);
	if (extension->target) {
		rule->action = ACTION_TARGET;
		rule->target = extension;
		extension->config = make_config(invocation, extension->target->config_size, extension->target->init);
		return true;
	}
	invocation->last_unsimulated = extension;
	if (extension_find_target(name->text, other)) {
		parse_error(invocation, name->where, NULL, "target %s is for IPv%d rules only", name->text, other);
		return false;
	}
	rule->action = ACTION_JUMP;
	return true;
}

bool parse_target(struct invocation *invocation, const struct argument *name, bool is_goto)
{
	struct ast_rule *rule = invocation->rule;
	const struct ast_table *table =
		&invocation->parser->ast->tables[ast_family_index(invocation->family)][invocation->table];

	rule->target_name = *name;
	rule->is_goto = is_goto;
	rule->action = is_goto ? ACTION_CONTINUE : standard_action(name->text);
	if (rule->action != ACTION_CONTINUE)
		return true;
	rule->jump = ast_find_chain(table, name->text);
	if (rule->jump || is_goto) {
		rule->action = ACTION_JUMP;
		return true;
	}
	if (!*name->text) {
		parse_error(invocation, name->where, NULL, "empty target name");
		return false;
	}
	return load_target(invocation, name);
}

/* Is it an option's whole name, or that of an alias? */
static bool is_name(const struct option_spec *options, size_t n_options, const char *name)
{
	for (size_t i = 0; i < n_options; i++) {
		if (strcmp(options[i].name, name) == 0)
			return true;
	}
	return false;
}

bool parse_protocol_match(struct invocation *invocation, const char *option)
{
	const struct match_type *match;
	struct argument name = invocation->protocol_word;
	const char *known = protocol_name(invocation->rule->protocol);

	if (!name.text || !known || !invocation->rule->protocol)
		return false;
	name.text = canonical_match(known);
	for (size_t i = 0; i < invocation->n_loaded; i++) {
		const struct ast_extension *loaded = invocation->loaded[i];

		if (!loaded->target && strcmp(canonical_match(loaded->name.text), name.text) == 0)
			return false;
	}
	match = extension_find_match(name.text, invocation->family);
	/* The option may be one of a match that is not known, too. */
	if (!match || (invocation->last_unsimulated && !is_name(match->options, match->n_options, option)))
		return false;
	return parse_match(invocation, &name);
}

static const struct option_spec *options_of(const struct ast_extension *extension, size_t *n_options)
{
	*n_options = 0;
	if (extension->match) {
		*n_options = extension->match->n_options;
		return extension->match->options;
	}
	if (extension->target) {
		*n_options = extension->target->n_options;
		return extension->target->options;
	}
	return NULL;
}

/* The option's owner: the extension that was named last comes first, whole names before beginnings. */
static const struct option_spec *find_owner(struct invocation *invocation, const char *name,
					    struct ast_extension **owner, size_t *n_fitting)
{
	const struct option_spec *found = NULL;

	*n_fitting = 0;
	for (unsigned is_prefix = 0; is_prefix < 2 && !found; is_prefix++) {
		if (is_prefix && invocation->last_unsimulated)
			break;
		for (size_t i = invocation->n_loaded; i-- > 0;) {
			size_t n_options;
			const struct option_spec *options = options_of(invocation->loaded[i], &n_options);
			const struct option_spec *option = options ? options_find(options, n_options, name) : NULL;
			bool is_whole = is_name(options, n_options, name);

			if (!option || is_whole == (is_prefix == 1) || (found && option == found))
				continue;
			(*n_fitting)++;
			if (!found) {
				found = option;
				*owner = invocation->loaded[i];
			}
			if (!is_prefix)
				return found;
		}
	}
	return found;
}

/* An option whose value may be left out is followed by another option, or by nothing. */
static bool lacks_value(const struct invocation *invocation, const struct parsed_option *option,
			const struct option_spec *spec)
{
	const struct argument *next = &invocation->words[invocation->next];

	if (!(spec->flags & OPTION_MAY_LACK_VALUE) || option->value.text)
		return false;
	return invocation->next == invocation->n_words || next->text[0] == '-' || next->text[0] == '!';
}

/* Of two values the second is none that begins with '-' or '!' (iptables 1.8.9, --tcp-flags and the like). */
static bool is_end_of_values(const struct invocation *invocation)
{
	const char *word;

	if (invocation->next == invocation->n_words)
		return true;
	word = invocation->words[invocation->next].text;
	return word[0] == '-' || word[0] == '!';
}

/* "--tcp-flags mask set" */
static const char *describe_values(struct invocation *invocation, const struct parsed_option *option, const struct option_spec *spec)
{
	struct text text;
	const char *copy;

	text_init(&text);
	text_printf(&text, "%s %s: %s", option->name.text, spec->value_name ? spec->value_name : "value value", spec->summary);
	copy = arena_copy_string(&invocation->parser->ast->arena, text_string(&text));
	text_clear(&text);
	return copy;
}

/* The words that an option wants, in the arena; NULL after an error. */
static struct argument *collect_values(struct invocation *invocation, struct parsed_option *option,
				       const struct option_spec *spec, unsigned n_values)
{
	struct argument *values = arena_alloc(&invocation->parser->ast->arena, (n_values + 1) * sizeof(*values));

	if (lacks_value(invocation, option, spec)) {
		values[0] = (struct argument){ .where = option->name.where };
		return values;
	}
	for (unsigned i = 0; i < n_values; i++) {
		const struct argument *value;
		bool takes_anything = spec->kind == OPTION_STRING || spec->kind == OPTION_CUSTOM;

		if (i && is_end_of_values(invocation)) {
			parse_error(invocation, option->name.where, describe_values(invocation, option, spec), "%s needs two values",
				    option->name.text);
			return NULL;
		}
		if (takes_anything && !option->value.text && invocation->next < invocation->n_words &&
		    (i || !parse_is_not(&invocation->words[invocation->next])))
			value = &invocation->words[invocation->next++];
		else
			value = parse_value(invocation, option, spec->value_name ? spec->value_name : "value");
		if (!value)
			return NULL;
		values[i] = *value;
		option->value.text = NULL;
		if (parse_has_typographic_quotes(values[i].text))
			diag_warning(invocation->parser->diagnostics, values[i].where, "quotes are written \"",
				     "typographic quotes become a part of the text");
	}
	return values;
}

int parse_extension_option(struct invocation *invocation, struct parsed_option *option)
{
	struct ast_extension *owner = NULL;
	const char *name = option->name.text + 2;
	size_t n_fitting, n_generic, n_options;
	const struct option_spec *spec = find_owner(invocation, name, &owner, &n_fitting);
	const struct option_spec *options;
	struct argument *values;
	struct extension_place place;
	unsigned n_values;

	if (!spec)
		return 0;
	(void)parse_option_by_name(name, invocation->last_unsimulated != NULL, &n_generic);
	options = options_of(owner, &n_options);
	if (n_fitting > 1 || (n_generic && !is_name(options, n_options, name))) {
		parse_error(invocation, option->name.where, "write the option in full", "%s is ambiguous", option->name.text);
		return -1;
	}
	n_values = options_value_count(spec);
	if (!n_values && option->value.text) {
		parse_error(invocation, option->value.where, NULL, "%s takes no value", option->name.text);
		return -1;
	}
	values = collect_values(invocation, option, spec, n_values);
	if (!values)
		return -1;
	place = parse_place(invocation, owner->name.where);
	if (!options_store(spec, owner->config, &option->name, option->is_inverted, values, &place,
			   invocation->parser->diagnostics)) {
		invocation->has_failed = true;
		return -1;
	}
	return 1;
}
