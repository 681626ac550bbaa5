/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of iptables commands, whole scripts that hold them, and what `iptables -S` prints. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/parse_shell_parts.h"

enum ignored_kind { IGNORED_COMMAND, IGNORED_CONTROL, IGNORED_KIND_COUNT };

static const char *const ignored_text[IGNORED_KIND_COUNT] = {
	[IGNORED_COMMAND] = "not iptables commands",
	[IGNORED_CONTROL] = "conditions are not judged",
};

struct ignored {
	struct source_range first;
	struct text lines;
	uint32_t last_line, n_lines;
};

struct shell_lines {
	struct parser *parser;
	struct lex_words words;
	struct ignored ignored[IGNORED_KIND_COUNT];
	struct script script;
	struct source_range prompt;	/* a comment that may be a command behind root's prompt */
	bool is_saved;
	bool was_policy;		/* the line before was "-P ...": a listing's head */
	bool has_named_table;		/* a comment named the table of the listing */
	enum table table;		/* of a listing */
	struct heredocs heredocs;
};

struct shell_lines *parse_shell_create(struct parser *parser, bool is_saved)
{
	struct shell_lines *shell = alloc_zeroed(1, sizeof(*shell));

	shell->parser = parser;
	shell->is_saved = is_saved;
	shell->table = TABLE_FILTER;
	map_init(&shell->script.functions);
	map_init(&shell->heredocs.files);
	return shell;
}

void parse_shell_destroy(struct shell_lines *shell)
{
	script_finish(&shell->script, shell->parser);
	if (shell->prompt.source && !shell->parser->n_commands) {
		shell->parser->n_commands++;
		diag_error(shell->parser->diagnostics, shell->prompt, "delete the # before each command",
			   "every command of this file is a comment: is # the prompt of a root shell?");
	}
	for (unsigned i = 0; i < IGNORED_KIND_COUNT; i++) {
		struct ignored *ignored = &shell->ignored[i];

		if (ignored->n_lines)
			diag_warning(shell->parser->diagnostics, ignored->first, NULL, "%s %s ignored: %s",
				     ignored->n_lines == 1 ? "line" : "lines", text_string(&ignored->lines), ignored_text[i]);
		text_clear(&ignored->lines);
	}
	map_clear(&shell->script.functions);
	map_clear(&shell->heredocs.files);
	lex_clear_words(&shell->words);
	free(shell);
}

enum { IGNORED_LINES_SHOWN = 12 };

static void ignore(struct shell_lines *shell, enum ignored_kind kind)
{
	struct ignored *ignored = &shell->ignored[kind];

	if (ignored->last_line == shell->words.line)
		return;
	if (!ignored->n_lines) {
		ignored->first = shell->words.where;
		while (ignored->first.len && isspace((unsigned char)ignored->first.source->text[ignored->first.offset])) {
			ignored->first.offset++;
			ignored->first.len--;
		}
	}
	if (ignored->n_lines < IGNORED_LINES_SHOWN)
		text_printf(&ignored->lines, "%s%u", ignored->n_lines ? ", " : "", shell->words.line);
	else if (ignored->n_lines == IGNORED_LINES_SHOWN)
		text_append(&ignored->lines, " and more");
	ignored->n_lines++;
	ignored->last_line = shell->words.line;
}

/* NAME=value? The length of NAME, or 0. */
static size_t assignment_len(const char *word)
{
	size_t len = 0;

	while (isalnum((unsigned char)word[len]) || word[len] == '_')
		len++;
	return len && word[len] == '=' && !isdigit((unsigned char)word[0]) ? len : 0;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(word, *words) == 0)
			return true;
	}
	return false;
}

/* Words that may stand before a command and change nothing about it. */
static const char *const prefixes[] = {
	"sudo", "env", "exec", "command", "time", "nice", "then", "do", "else", "(", "!", "run", "try", NULL,
};
static const char *const declaring_words[] = { "export", "readonly", "local", "declare", "typeset", NULL };

/* FAMILY_NONE when the word is not iptables or ip6tables under any of their names. */
static enum family family_of_tool(const char *word)
{
	static const char *const names[] = { "iptables", "iptables-legacy", "iptables-nft", "iptables.legacy", NULL };
	static const char *const names6[] = { "ip6tables", "ip6tables-legacy", "ip6tables-nft", NULL };
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;

	if (is_one_of(name, names))
		return FAMILY_IPV4;
	return is_one_of(name, names6) ? FAMILY_IPV6 : FAMILY_NONE;
}

/* The index of the word that says what to run, behind assignments and prefixes. */
static size_t command_index(struct shell_lines *shell)
{
	const struct lex_words *words = &shell->words;
	size_t i = 0;

	for (; i < words->n_words; i++) {
		const char *word = words->words[i].text;
		bool is_sudo_option = i && word[0] == '-' && strcmp(words->words[0].text, "sudo") == 0;
		size_t name_len = assignment_len(word);

		if (name_len && !(words->unset.text && words->unset_word == i))
			lex_assign(&shell->parser->lexer, word, name_len, word + name_len + 1);
		if (!name_len && !is_one_of(word, prefixes) && !is_sudo_option && !is_one_of(word, declaring_words))
			break;
	}
	return i;
}

void parse_report_unset(struct parser *parser, const struct argument *unset)
{
	struct diagnostics *diagnostics = parser->diagnostics;

	if (unset->text[0] == '$' || unset->text[0] == '`')
		diag_error(diagnostics, unset->where, script_advice, "the value of this is known only when the script runs");
	else if (isdigit((unsigned char)unset->text[0]) || !(isalpha((unsigned char)unset->text[0]) || unset->text[0] == '_'))
		diag_error(diagnostics, unset->where, script_advice, "$%s is an argument of the script", unset->text);
	else
		diag_error(diagnostics, unset->where, "set it above: NAME=value", "$%s has no value in this file", unset->text);
}

static bool selects(const struct invocation *invocation, const char *letter, const char *word)
{
	for (size_t i = 0; i < invocation->n_words; i++) {
		if (strcmp(invocation->words[i].text, letter) == 0 || strcmp(invocation->words[i].text, word) == 0)
			return true;
	}
	return false;
}

static void run_tool(struct shell_lines *shell, size_t at, enum family family)
{
	struct parser *parser = shell->parser;
	struct invocation invocation;

	if (parser->fixed_family != FAMILY_NONE && parser->fixed_family != family) {
		parser->n_commands++;
		return;
	}
	if (script_is_conditional(&shell->script, parser, shell->words.words[at].where)) {
		parser->n_commands++;
		return;
	}
	if (shell->words.unset.text) {
		parser->n_commands++;
		parse_report_unset(parser, &shell->words.unset);
		return;
	}
	parse_invocation_init(&invocation, parser, &shell->words, at + 1);
	invocation.family = family;
	if (!invocation.n_words) {
		ignore(shell, IGNORED_COMMAND);
		return;
	}
	if (family == FAMILY_IPV4 ? selects(&invocation, "-6", "--ipv6") : selects(&invocation, "-4", "--ipv4")) {
		parser->n_commands++;
		parse_error(&invocation, shell->words.words[at].where,
			    family == FAMILY_IPV4 ? "use ip6tables" : "use iptables", "this command is for IPv%d rules", family);
		return;
	}
	shell->script.has_failed = !parse_invocation(&invocation) || invocation.is_refused;
}


/* "$", "root@gate:~#", "gate>": what a session copied from a terminal has before its commands. */
static bool is_prompt(const char *word)
{
	char last = word[0] ? word[strlen(word) - 1] : '\0';

	return last && strchr("$#>%", last) && !strchr(word, '=');
}

static bool report_prompt(struct shell_lines *shell, size_t at)
{
	const struct lex_words *words = &shell->words;
	size_t command;

	if (at + 1 >= words->n_words || !is_prompt(words->words[at].text))
		return false;
	command = at + (at + 2 < words->n_words && strcmp(words->words[at + 1].text, "sudo") == 0 ? 2 : 1);
	if (family_of_tool(words->words[command].text) == FAMILY_NONE)
		return false;
	shell->parser->n_commands++;
	diag_error(shell->parser->diagnostics, words->words[at].where, "delete it: the command begins behind it",
		   "this is a shell's prompt, not a part of the command");
	return true;
}

/* A pattern of case stands before its commands. */
static bool is_pattern(const char *word)
{
	return word[0] && word[strlen(word) - 1] == ')' && word[1];
}

/* "! iptables -C INPUT ..." */
static bool is_negated(const struct lex_words *words, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (strcmp(words->words[i].text, "!") == 0)
			return true;
	}
	return false;
}

/* Is it known whether the command fails? */
static bool has_known_end(const char *word)
{
	static const char *const known[] = { "true", "false", ":", NULL };

	return family_of_tool(word) != FAMILY_NONE || is_one_of(word, known);
}

/* The command at words[at]: iptables, a function, something of the shell, or something else. */
static void run_words(struct shell_lines *shell, size_t at)
{
	const struct lex_words *words = &shell->words;
	const struct argument *word = &words->words[at];
	enum family family = family_of_tool(word->text);
	bool is_ignored = false;

	shell->script.has_failed = false;
	if (family != FAMILY_NONE) {
		run_tool(shell, at, family);
	} else if (script_has_function(&shell->script, word->text)) {
		if (!script_is_conditional(&shell->script, shell->parser, word->where))
			script_call(&shell->script, shell->parser, word);
	} else if (script_follow(&shell->script, shell->parser, words, at, &is_ignored)) {
		if (is_ignored)
			ignore(shell, IGNORED_CONTROL);
		/* What a condition asks is a command too: if iptables -C ... */
		if (is_ignored && at + 1 < words->n_words && family_of_tool(words->words[at + 1].text) != FAMILY_NONE)
			run_tool(shell, at + 1, family_of_tool(words->words[at + 1].text));
	} else if (!report_prompt(shell, at)) {
		ignore(shell, IGNORED_COMMAND);
		/* Before && it is taken to succeed; before || nobody can tell. */
		shell->script.is_unknown |= words->connector == LEX_OR;
	}
	if (!is_negated(words, at))
		return;
	shell->script.is_unknown |= !has_known_end(words->words[at].text);
	shell->script.has_failed = !shell->script.has_failed;
}

static void run_command(struct shell_lines *shell)
{
	const struct lex_words *words = &shell->words;
	bool runs = script_runs(&shell->script, shell->parser, words), is_ignored;
	size_t at = runs ? command_index(shell) : 0;

	if (at < words->n_words && is_pattern(words->words[at].text))
		at++;
	if (at >= words->n_words)
		return;
	if (heredoc_begin(&shell->heredocs, shell->parser, words, at, runs)) {
		shell->script.has_failed = false;
		return;
	}
	if (heredoc_is_restore(words->words[at].text)) {
		if (runs)
			heredoc_restore(&shell->heredocs, &shell->script, shell->parser, words, at);
		return;
	}
	if (runs)
		run_words(shell, at);
	else
		(void)script_follow(&shell->script, shell->parser, words, at, &is_ignored);
}

static bool line_has(struct source_range line, const char *words)
{
	return memmem(line.source->text + line.offset, line.len, words, strlen(words)) != NULL;
}

/* "# iptables -A ...": a comment, or a command behind root's prompt. */
static bool is_commented_command(struct source_range line)
{
	static const char *const commands[] = { " -A ", " -I ", " -P ", " -N ", " -F", " -D " };
	const char *text = line.source->text + line.offset;
	uint32_t i = 1;

	while (i < line.len && (text[i] == ' ' || text[i] == '\t'))
		i++;
	if (line.len - i < 9 || (memcmp(text + i, "iptables ", 9) != 0 && memcmp(text + i, "ip6tables", 9) != 0))
		return false;
	for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
		if (line_has(line, commands[k]))
			return true;
	}
	return false;
}

/* "# iptables -t nat -S": whose rules follow? */
static void read_comment(struct shell_lines *shell)
{
	struct lexer *lexer = &shell->parser->lexer;
	struct source_range line = lex_line(lexer);
	enum family family = parse_family_of_comment(line);
	static const struct {
		const char *words;
		enum table table;
	} named[] = {
		{ "-t filter", TABLE_FILTER }, { "-t nat", TABLE_NAT }, { "-t mangle", TABLE_MANGLE }, { "-t raw", TABLE_RAW },
		{ "-t security", TABLE_SECURITY },
	};

	if (family != FAMILY_NONE)
		shell->parser->hinted_family = family;
	if (!shell->prompt.source && is_commented_command(line))
		shell->prompt = line;
	if (line_has(line, " -S") && family != FAMILY_NONE) {
		shell->table = TABLE_FILTER;
		shell->has_named_table = true;
		for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
			if (line_has(line, named[i].words))
				shell->table = named[i].table;
		}
	}
	shell->was_policy = false;
	lex_skip_line(lexer);
}

/* A listing begins with the policies of all built-in chains: they say which table it is. */
static void infer_table(struct shell_lines *shell)
{
	struct lexer look_ahead = shell->parser->lexer;
	bool has_prerouting = false, has_forward = false, has_postrouting = false;

	for (; !lex_is_at_end(&look_ahead); lex_skip_line(&look_ahead)) {
		struct source_range line = lex_line(&look_ahead);

		if (!line_has(line, "-P "))
			break;
		has_prerouting |= line_has(line, " PREROUTING ");
		has_forward |= line_has(line, " FORWARD ");
		has_postrouting |= line_has(line, " POSTROUTING ");
	}
	/* A comment's word counts, unless that table cannot have these chains. */
	if (shell->has_named_table && (!has_prerouting || (table_hooks(shell->table) >> HOOK_PREROUTING & 1)))
		return;
	if (!has_prerouting)
		shell->table = TABLE_FILTER;
	else
		shell->table = has_forward ? TABLE_MANGLE : has_postrouting ? TABLE_NAT : TABLE_RAW;
}

/* A line of `iptables -S`: no command word, quoted as iptables-save does. */
static void read_listed(struct shell_lines *shell)
{
	struct parser *parser = shell->parser;
	struct invocation invocation;
	struct source_range line = lex_line(&parser->lexer);
	bool is_policy = line_has(line, "-P ");

	if (shell->is_saved) {
		diag_error(parser->diagnostics, line, "put it between \"*filter\" and COMMIT",
			   "this rule stands outside of a table");
		lex_skip_line(&parser->lexer);
		return;
	}
	if (is_policy && !shell->was_policy)
		infer_table(shell);
	shell->was_policy = is_policy;
	if (!lex_read_saved(&parser->lexer, &shell->words) || !shell->words.n_words)
		return;
	parse_invocation_init(&invocation, parser, &shell->words, 0);
	invocation.table = shell->table;
	invocation.family = parser->fixed_family != FAMILY_NONE ? parser->fixed_family : parser->hinted_family;
	if (invocation.family == FAMILY_NONE)
		invocation.family = selects(&invocation, "-6", "--ipv6") ? FAMILY_IPV6 : FAMILY_IPV4;
	(void)parse_invocation(&invocation);
}

void parse_report_outside(struct parser *parser, struct source_range line)
{
	diag_error(parser->diagnostics, line, "a line such as \"*filter\" must begin the table", "this line stands outside of a table");
}

/* ":CHAIN" and COMMIT belong into a table. */
static bool read_misplaced(struct shell_lines *shell)
{
	struct lexer *lexer = &shell->parser->lexer;
	struct source_range line = lex_line(lexer);
	const char *text = line.source->text + line.offset;
	bool is_chain = line.len > 2 && text[0] == ':' && isalpha((unsigned char)text[1]);
	bool is_commit = line.len == 6 && memcmp(text, "COMMIT", 6) == 0;

	if (!is_chain && !is_commit && !(line.len > 2 && text[0] == '[' && isdigit((unsigned char)text[1])))
		return false;
	parse_report_outside(shell->parser, line);
	lex_skip_line(lexer);
	return true;
}

bool parse_shell_takes_tables(const struct shell_lines *shell)
{
	return heredoc_takes_tables(&shell->heredocs);
}

bool parse_shell_has_more(struct shell_lines *shell)
{
	return heredoc_read_rest(&shell->heredocs, shell->parser);
}

void parse_shell_line(struct shell_lines *shell)
{
	struct lexer *lexer = &shell->parser->lexer;
	char first = lex_peek(lexer);

	if (heredoc_read_line(&shell->heredocs, shell->parser))
		return;
	if (first == '#') {
		read_comment(shell);
	} else if (first == '\0') {
		lex_skip_line(lexer);
	} else if (first == '-') {
		read_listed(shell);
	} else if (!read_misplaced(shell) && !script_read_definition(&shell->script, shell->parser)) {
		if (lex_read_command(lexer, &shell->words))
			run_command(shell);
	}
}
