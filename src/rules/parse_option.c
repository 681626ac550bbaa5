/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that iptables 1.8.9 itself knows (iptables.c, original_opts), without those of extensions. */
#include <string.h>

#include "rules/parse.h"

static const struct generic_option options[] = {
	{ "append", 'A', GENERIC_COMMAND, 1, false },
	{ "delete", 'D', GENERIC_COMMAND, 1, true },
	{ "check", 'C', GENERIC_COMMAND, 1, false },
	{ "insert", 'I', GENERIC_COMMAND, 1, true },
	{ "replace", 'R', GENERIC_COMMAND, 2, false },
	{ "list", 'L', GENERIC_COMMAND, 0, true },
	{ "list-rules", 'S', GENERIC_COMMAND, 0, true },
	{ "flush", 'F', GENERIC_COMMAND, 0, true },
	{ "zero", 'Z', GENERIC_COMMAND, 0, true },
	{ "new-chain", 'N', GENERIC_COMMAND, 1, false },
	{ "delete-chain", 'X', GENERIC_COMMAND, 0, true },
	{ "rename-chain", 'E', GENERIC_COMMAND, 2, false },
	{ "policy", 'P', GENERIC_COMMAND, 2, false },
	{ "source", 's', GENERIC_RULE, 1, false },
	{ "src", 's', GENERIC_RULE, 1, false },
	{ "destination", 'd', GENERIC_RULE, 1, false },
	{ "dst", 'd', GENERIC_RULE, 1, false },
	{ "protocol", 'p', GENERIC_RULE, 1, false },
	{ "in-interface", 'i', GENERIC_RULE, 1, false },
	{ "out-interface", 'o', GENERIC_RULE, 1, false },
	{ "fragments", 'f', GENERIC_RULE, 0, false },
	{ "match", 'm', GENERIC_RULE, 1, false },
	{ "jump", 'j', GENERIC_RULE, 1, false },
	{ "goto", 'g', GENERIC_RULE, 1, false },
	{ "set-counters", 'c', GENERIC_RULE, 1, false },
	{ "table", 't', GENERIC_RULE, 1, false },
	{ "ipv4", '4', GENERIC_RULE, 0, false },
	{ "ipv6", '6', GENERIC_RULE, 0, false },
	{ "numeric", 'n', GENERIC_IGNORED, 0, false },
	{ "verbose", 'v', GENERIC_IGNORED, 0, false },
	{ "exact", 'x', GENERIC_IGNORED, 0, false },
	{ "line-numbers", '0', GENERIC_IGNORED, 0, false },
	{ "wait", 'w', GENERIC_IGNORED, 0, true },
	{ "wait-interval", 'W', GENERIC_IGNORED, 1, false },
	{ "modprobe", 'M', GENERIC_IGNORED, 1, false },
	{ "version", 'V', GENERIC_COMMAND, 0, false },
	{ "help", 'h', GENERIC_COMMAND, 0, true },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

const struct generic_option *parse_option_table(size_t *n_options)
{
	*n_options = N_OPTIONS;
	return options;
}

const struct generic_option *parse_option_by_letter(char letter)
{
	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (options[i].letter == letter && letter != '0')
			return &options[i];
	}
	return NULL;
}

const struct generic_option *parse_option_by_name(const char *name, bool is_exact, size_t *n_fitting)
{
	const struct generic_option *found = NULL;
	size_t len = strlen(name);

	*n_fitting = 0;
	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (options[i].name[0] != name[0])
			continue;
		if (strcmp(options[i].name, name) == 0) {
			*n_fitting = 1;
			return &options[i];
		}
		if (is_exact || strncmp(options[i].name, name, len) != 0)
			continue;
		/* Two spellings of one option are not ambiguous. */
		if (!found || found->letter != options[i].letter)
			(*n_fitting)++;
		found = &options[i];
	}
	return found;
}

/* iptables takes the value of these from the word behind, even when it was attached (1.8.9, do_command4(): argv[optind - 1]). */
bool parse_option_refuse_attached(struct invocation *invocation, const struct generic_option *generic, const struct parsed_option *option)
{
	struct text hint;

	if (!option->value.text || !strchr("sdpioj", generic->letter))
		return false;
	text_init(&hint);
	text_printf(&hint, "%s %s", option->name.text, lex_shorten(&invocation->parser->ast->arena, option->value.text));
	parse_error(invocation, option->name.where, text_string(&hint), "iptables wants the value of %s as a word of its own",
		    option->name.text);
	text_clear(&hint);
	return true;
}

/* Which options stand there: whether the command takes them is judged when it is known. -w is not for iptables-restore. */
bool parse_option_note(struct invocation *invocation, const struct generic_option *generic, const struct parsed_option *option)
{
	if (invocation->is_saved && (generic->letter == 'w' || generic->letter == 'W')) {
		parse_error(invocation, option->name.where, "leave it out: iptables-restore has its own",
			    "%s cannot stand in an iptables-save file", option->name.text);
		return false;
	}
	if (invocation->n_given < OPTIONS_MOST)
		invocation->given[invocation->n_given++] = (struct given_option){ generic->letter, option->name };
	return true;
}

/* iptables 1.8.9, commands_v_options: which options a command refuses. */
bool parse_option_check(struct invocation *invocation)
{
	static const struct {
		const char *commands, *refused;
	} refusals[] = {
		{ "AIDRC", "nx0" }, { "L", "sdpjgiocf" }, { "FZNXES", "nsdpjgxio0cf" }, { "P", "nsdpjgxio0f" },
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]) && invocation->command; i++) {
		if (!strchr(refusals[i].commands, invocation->command))
			continue;
		for (size_t k = 0; k < invocation->n_given; k++) {
			const struct argument *given = &invocation->given[k].name;

			if (!strchr(refusals[i].refused, invocation->given[k].letter))
				continue;
			parse_error(invocation, given->where, NULL, "%s does not go with %s", given->text,
				    invocation->command_word.text);
			return false;
		}
	}
	return true;
}
