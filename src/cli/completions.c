/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/completions.h"

#include <ctype.h>
#include <string.h>

#include "cli/cli.h"
#include "replay/options.h"

enum value_kind { VALUE_NONE, VALUE_WORDS, VALUE_FILE, VALUE_FORMAT, VALUE_SYSCTL, VALUE_OTHER };

static enum value_kind kind_of(const struct cli_option *option)
{
	static const char *const files[] = { "FILE", "RULES", "CAPTURE", "FOLDER", "FILE.html" };
	const char *value = option->value_name;

	if (!value)
		return VALUE_NONE;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(value, files[i]) == 0)
			return VALUE_FILE;
	if (strcmp(value, "FORMAT=FILE") == 0)
		return VALUE_FORMAT;
	if (strcmp(value, "NAME=VALUE") == 0)
		return VALUE_SYSCTL;
	return strchr(value, '|') && !isupper((unsigned char)*value) ? VALUE_WORDS : VALUE_OTHER;
}

/* "always|every=10s" as "always every=" */
static void append_words(const char *value, struct text *out)
{
	while (*value) {
		size_t len = strcspn(value, "|"), shown = strcspn(value, "|=");

		text_append_bytes(out, value, shown < len ? shown + 1 : len);
		value += len;
		if (*value++ != '|')
			return;
		text_append_char(out, ' ');
	}
}

/* What --help says, between single quotes; `escaped`: characters that the shell wants a backslash before. */
static void append_about(const char *about, const char *escaped, struct text *out)
{
	for (; *about && *about != '\n'; about++) {
		if (*about == '`')
			continue;
		if (*about == '\'')
			text_append(out, "'\\''");
		else if (strchr(escaped, *about))
			text_printf(out, "\\%c", *about);
		else
			text_append_char(out, *about);
	}
}

static void append_commands(struct text *out)
{
	for (const struct command *const *command = commands; *command; command++)
		text_printf(out, "%s%s", command == commands ? "" : " ", (*command)->name);
}

static void append_topics(const struct command *command, struct text *out)
{
	for (size_t i = 0; command->topic(i); i++)
		text_printf(out, "%s%s", i ? " " : "", command->topic(i));
}

/* --- bash ------------------------------------------------------------------------------------ */

static const char bash_begin[] =
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# Completions of ctreplay for bash; made by the build from the program's tables.\n\n";

static const char bash_end[] =
	"_ctreplay_offer_files()\n"
	"{\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n"
	"}\n\n"
	"_ctreplay_offer_words() # WORDS BEGINNING\n"
	"{\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$2\")\n"
	"\tcase ${COMPREPLY[*]} in *=) compopt -o nospace 2>/dev/null;; esac\n"
	"}\n\n"
	"# The first word of each line that `ctreplay list TOPIC` prints, with = behind it.\n"
	"_ctreplay_listed()\n"
	"{\n"
	"\tctreplay list \"$1\" 2>/dev/null | sed -n 's/^ *\\([^ ]\\{1,\\}\\) .*/\\1=/p'\n"
	"}\n\n"
	"_ctreplay_offer_value() # KIND BEGINNING\n"
	"{\n"
	"\tcase $1 in\n"
	"\tfiles) _ctreplay_offer_files \"$2\";;\n"
	"\tformats|sysctls) _ctreplay_offer_words \"$(_ctreplay_listed \"$1\")\" \"$2\";;\n"
	"\twords:*) _ctreplay_offer_words \"${1#words:}\" \"$2\";;\n"
	"\tesac\n"
	"}\n\n"
	"_ctreplay()\n"
	"{\n"
	"\tlocal word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} at=$((COMP_CWORD - 1)) equals=no kind\n"
	"\tCOMPREPLY=()\n"
	"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	"\t\t_ctreplay_offer_words \"$_ctreplay_commands help --help --version\" \"$word\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t# \"--track=au\" and \"--out csv=a\" come as words with = between them.\n"
	"\tif [ \"$word\" = = ]; then\n"
	"\t\tequals=yes word=\n"
	"\telif [ \"${COMP_WORDS[at]}\" = = ]; then\n"
	"\t\tequals=yes at=$((at - 1))\n"
	"\tfi\n"
	"\tkind=$(_ctreplay_value \"$command\" \"${COMP_WORDS[at]}\")\n"
	"\tif [ $equals = yes ] && [ \"$(_ctreplay_value \"$command\" \"${COMP_WORDS[at - 1]}\")\" = formats ]; then\n"
	"\t\t_ctreplay_offer_files \"$word\"\n"
	"\telif [ $equals = yes ] || [ -n \"$kind\" ]; then\n"
	"\t\t_ctreplay_offer_value \"$kind\" \"$word\"\n"
	"\telif [ \"${word:0:1}\" = - ]; then\n"
	"\t\t_ctreplay_offer_words \"$(_ctreplay_options \"$command\")\" \"$word\"\n"
	"\telse\n"
	"\t\t_ctreplay_offer_value \"$(_ctreplay_word \"$command\" \"$COMP_CWORD\")\" \"$word\"\n"
	"\tfi\n"
	"}\n\n"
	"complete -F _ctreplay ctreplay\n";

static void print_bash_names(const struct cli_option_table *table, struct text *out)
{
	const struct cli_option_table *first = table;

	for (; table; table = table->inherited)
		for (size_t i = 0; i < table->n_options; i++) {
			const struct cli_option *option = &table->options[i];

			if (cli_options_find(first, option->name, strlen(option->name)) != option)
				continue;
			if (option->short_name)
				text_printf(out, "-%c ", option->short_name);
			if (option->name[1])
				text_printf(out, "--%s ", option->name);
		}
	text_append(out, "--help");
}

/* A case for each option with a value; `command` may be "*". */
static void print_bash_values(const char *command, const struct cli_option_table *table, struct text *out)
{
	for (size_t i = 0; i < table->n_options; i++) {
		const struct cli_option *option = &table->options[i];
		enum value_kind kind = kind_of(option);

		if (kind == VALUE_NONE)
			continue;
		text_append_char(out, '\t');
		if (option->short_name)
			text_printf(out, "%s:-%c|", command, option->short_name);
		text_printf(out, "%s:--%s) echo '", command, option->name);
		if (kind == VALUE_WORDS) {
			text_append(out, "words:");
			append_words(option->value_name, out);
		} else {
			text_append(out, kind == VALUE_FILE ? "files" : kind == VALUE_FORMAT ? "formats" : kind == VALUE_SYSCTL ? "sysctls" : "other");
		}
		text_append(out, "';;\n");
	}
}

static void print_bash(struct text *out)
{
	const struct command *const *command;

	text_append(out, bash_begin);
	text_append(out, "_ctreplay_commands='");
	append_commands(out);
	text_append(out, "'\n\n_ctreplay_options() # COMMAND\n{\n\tcase $1 in\n");
	for (command = commands; *command; command++) {
		text_printf(out, "\t%s) echo '", (*command)->name);
		print_bash_names((*command)->options, out);
		text_append(out, "';;\n");
	}
	text_append(out, "\tesac\n}\n\n# What stands behind an option; nothing: it takes no value.\n_ctreplay_value() # COMMAND OPTION\n{\n\tcase $1:$2 in\n");
	for (command = commands; *command; command++)
		if (*command != &command_run)
			print_bash_values((*command)->name, (*command)->options, out);
	print_bash_values("*", command_run.options, out);
	text_append(out, "\tesac\n}\n\n# What stands where no option does; the command is word 1.\n_ctreplay_word() # COMMAND NUMBER\n{\n\tcase $1:$2 in\n"
			 "\thelp:2) echo \"words:$_ctreplay_commands\";;\n\thelp:*) ;;\n");
	for (command = commands; *command; command++)
		if ((*command)->topic) {
			text_printf(out, "\t%s:2) echo 'words:", (*command)->name);
			append_topics(*command, out);
			text_printf(out, "';;\n\t%s:*) ;;\n", (*command)->name);
		}
	text_append(out, "\t*) echo files;;\n\tesac\n}\n\n");
	text_append(out, bash_end);
}

/* --- zsh ------------------------------------------------------------------------------------- */

static const char zsh_begin[] =
	"#compdef ctreplay\n"
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# Completions of ctreplay for zsh; made by the build from the program's tables.\n\n"
	"# The first word of each line that `ctreplay list TOPIC` prints, with = behind it; then a file, behind a format.\n"
	"_ctreplay_listed() # TOPIC\n"
	"{\n"
	"\tif [[ $1 = formats ]] && compset -P '*='; then\n"
	"\t\t_files\n"
	"\telse\n"
	"\t\tcompadd -S= -- ${(f)\"$(ctreplay list $1 2>/dev/null | sed -n 's/^ *\\([^ ]\\{1,\\}\\) .*/\\1/p')\"}\n"
	"\tfi\n"
	"}\n\n";

static void print_zsh_action(const struct cli_option *option, struct text *out)
{
	switch (kind_of(option)) {
	case VALUE_NONE:
		return;
	case VALUE_WORDS:
		text_append(out, ":value:(");
		append_words(option->value_name, out);
		text_append_char(out, ')');
		return;
	case VALUE_FILE:
		text_append(out, ":file:_files");
		return;
	case VALUE_FORMAT:
		text_append(out, ":format and file:{_ctreplay_listed formats}");
		return;
	case VALUE_SYSCTL:
		text_append(out, ":name and value:{_ctreplay_listed sysctls}");
		return;
	case VALUE_OTHER:
		text_append(out, ":value: ");
		return;
	}
}

static void print_zsh_spec(const struct cli_option *option, bool is_short, struct text *out)
{
	if (is_short)
		text_printf(out, "\t\t'*-%c%s[", option->short_name, option->value_name ? "+" : "");
	else
		text_printf(out, "\t\t'*--%s%s[", option->name, option->value_name ? "=" : "");
	append_about(option->about, "[]\\", out);
	text_append_char(out, ']');
	print_zsh_action(option, out);
	text_append(out, "'\n");
}

static void print_zsh_options(const struct command *command, struct text *out)
{
	const struct cli_option_table *table = command->options;

	for (; table; table = table->inherited)
		for (size_t i = 0; i < table->n_options; i++) {
			const struct cli_option *option = &table->options[i];

			if (cli_options_find(command->options, option->name, strlen(option->name)) != option)
				continue;
			if (option->short_name)
				print_zsh_spec(option, true, out);
			if (option->name[1])
				print_zsh_spec(option, false, out);
		}
	text_append(out, "\t\t'(-)--help[options in short]'\n");
	if (command->topic) {
		text_append(out, "\t\t'1:topic:(");
		append_topics(command, out);
		text_append(out, ")'\n");
	} else {
		text_append(out, "\t\t'*:file:_files'\n");
	}
}

static void print_zsh(struct text *out)
{
	const struct command *const *command;

	text_append(out, zsh_begin);
	text_append(out, "_ctreplay()\n{\n\tlocal -a commands options\n\tlocal command=$words[2]\n\tcommands=(\n");
	for (command = commands; *command; command++) {
		text_printf(out, "\t\t'%s:", (*command)->name);
		append_about((*command)->summary, "\\", out);
		text_append(out, "'\n");
	}
	text_append(out, "\t)\n\tif (( CURRENT == 2 )); then\n\t\tcommands+=('help:everything about a command' '--help:the commands' '--version:versions')\n"
			 "\t\t_describe command commands\n\t\treturn\n\tfi\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n"
			 "\thelp) (( CURRENT == 2 )) && _describe command commands; return;;\n");
	for (command = commands; *command; command++) {
		text_printf(out, "\t%s) options=(\n", (*command)->name);
		print_zsh_options(*command, out);
		text_append(out, "\t\t);;\n");
	}
	text_append(out, "\t*) return 1;;\n\tesac\n\t_arguments -S $options\n}\n\n_ctreplay \"$@\"\n");
}

/* --- fish ------------------------------------------------------------------------------------ */

static const char fish_begin[] =
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# Completions of ctreplay for fish; made by the build from the program's tables.\n\n"
	"function __ctreplay_listed -a topic -d 'The first word of each line that `ctreplay list` prints, with = behind it'\n"
	"\tctreplay list $topic 2>/dev/null | string replace -r -f '^ *(\\S+) .*' '$1='\n"
	"end\n\n"
	"function __ctreplay_formats -d 'A format; behind its = a file'\n"
	"\tset -l word (commandline -ct)\n"
	"\tif string match -q -r '^[^-]*=' -- $word\n"
	"\t\tset -l format (string replace -r '=.*' '=' -- $word)\n"
	"\t\tfor file in (__fish_complete_path (string replace -r '^[^=]*=' '' -- $word))\n"
	"\t\t\techo $format$file\n"
	"\t\tend\n"
	"\telse\n"
	"\t\t__ctreplay_listed formats\n"
	"\tend\n"
	"end\n\n";

/* `where`: the commands that have it, with blanks between them. */
static void print_fish_option(const char *where, const struct cli_option *option, struct text *out)
{
	enum value_kind kind = kind_of(option);

	text_printf(out, "complete -c ctreplay -n '__fish_seen_subcommand_from %s'", where);
	if (option->short_name)
		text_printf(out, " -s %c", option->short_name);
	if (option->name[1])
		text_printf(out, " -l %s", option->name);
	if (kind == VALUE_FILE)
		text_append(out, " -r -F");
	else if (kind != VALUE_NONE)
		text_append(out, " -x");
	if (kind == VALUE_WORDS) {
		text_append(out, " -a '");
		append_words(option->value_name, out);
		text_append_char(out, '\'');
	} else if (kind == VALUE_FORMAT || kind == VALUE_SYSCTL) {
		text_append(out, kind == VALUE_FORMAT ? " -a '(__ctreplay_formats)'" : " -a '(__ctreplay_listed sysctls)'");
	}
	text_append(out, " -d '");
	for (const char *about = option->about; *about && *about != '\n'; about++)
		if (*about != '`')
			text_printf(out, "%s%c", *about == '\'' || *about == '\\' ? "\\" : "", *about);
	text_append(out, "'\n");
}

/* Those that have an option of the table, be it their own or another's. */
static void append_users(const struct cli_option_table *table, const struct cli_option *option, struct text *out)
{
	bool is_first = true;

	for (const struct command *const *command = commands; *command; command++) {
		if ((*command)->options != table && (*command)->options->inherited != table)
			continue;
		if (cli_options_find((*command)->options, option->name, strlen(option->name)) != option)
			continue;
		text_printf(out, "%s%s", is_first ? "" : " ", (*command)->name);
		is_first = false;
	}
}

static bool is_first_of_table(const struct command *const *command)
{
	for (const struct command *const *before = commands; before < command; before++)
		if ((*before)->options == (*command)->options)
			return false;
	return true;
}

static void print_fish_options(const struct cli_option_table *table, struct text *out)
{
	struct text users;

	text_init(&users);
	for (size_t i = 0; i < table->n_options; i++) {
		text_reset(&users);
		append_users(table, &table->options[i], &users);
		print_fish_option(text_string(&users), &table->options[i], out);
	}
	text_clear(&users);
}

static void print_fish(struct text *out)
{
	const struct command *const *command;

	text_append(out, fish_begin);
	for (command = commands; *command; command++) {
		text_printf(out, "complete -c ctreplay -f -n __fish_use_subcommand -a %s -d '", (*command)->name);
		append_about((*command)->summary, "\\", out);
		text_append(out, "'\n");
	}
	text_append(out, "complete -c ctreplay -f -n __fish_use_subcommand -a help -d 'everything about a command'\n"
			 "complete -c ctreplay -f -n __fish_use_subcommand -l help -d 'the commands'\n"
			 "complete -c ctreplay -f -n __fish_use_subcommand -l version -d 'versions'\n"
			 "complete -c ctreplay -f -n '__fish_seen_subcommand_from help' -a '");
	append_commands(out);
	text_append(out, "'\n");
	for (command = commands; *command; command++) {
		if ((*command)->topic) {
			text_printf(out, "complete -c ctreplay -f -n '__fish_seen_subcommand_from %s' -a '", (*command)->name);
			append_topics(*command, out);
			text_append(out, "'\n");
		}
		if (is_first_of_table(command))
			print_fish_options((*command)->options, out);
	}
}

bool completions_print(const char *shell, struct text *out)
{
	static const struct { const char *name; void (*print)(struct text *out); } shells[] = {
		{ "bash", print_bash },
		{ "fish", print_fish },
		{ "zsh", print_zsh },
	};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shell, shells[i].name) == 0) {
			shells[i].print(out);
			return true;
		}
	return false;
}
