/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of iptables commands, whole scripts that hold them, and what `iptables -S` prints. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/parse.h"

enum ignored_kind { IGNORED_COMMAND, IGNORED_CONTROL, IGNORED_KIND_COUNT };

static const char *const ignored_text[IGNORED_KIND_COUNT] = {
	[IGNORED_COMMAND] = "not iptables commands",
	[IGNORED_CONTROL] = "conditions and loops are not run, the rules inside are read once",
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
	struct map loop_variables;
	bool is_saved;
	bool was_policy;		/* the line before was "-P ...": a listing's head */
	bool has_named_table;		/* a comment named the table of the listing */
	enum table table;		/* of a listing */
	const char *heredoc;		/* the line that ends a here-document, or NULL */
	bool skips_heredoc;
};

struct shell_lines *parse_shell_create(struct parser *parser, bool is_saved)
{
	struct shell_lines *shell = alloc_zeroed(1, sizeof(*shell));

	shell->parser = parser;
	shell->is_saved = is_saved;
	shell->table = TABLE_FILTER;
	map_init(&shell->loop_variables);
	return shell;
}

void parse_shell_destroy(struct shell_lines *shell)
{
	for (unsigned i = 0; i < IGNORED_KIND_COUNT; i++) {
		struct ignored *ignored = &shell->ignored[i];

		if (ignored->n_lines)
			diag_warning(shell->parser->diagnostics, ignored->first, NULL, "%s %s ignored: %s",
				     ignored->n_lines == 1 ? "line" : "lines", text_string(&ignored->lines), ignored_text[i]);
		text_clear(&ignored->lines);
	}
	map_clear(&shell->loop_variables);
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
	"sudo", "env", "exec", "command", "time", "nice", "then", "do", "else", "{", "(", "!", "run", "try", NULL,
};
static const char *const control_words[] = {
	"if", "elif", "for", "while", "until", "case", "select", "function", NULL,
};
/* Said already by the word that opened them, or without any effect here. */
static const char *const silent_words[] = {
	"fi", "done", "esac", "}", ")", ";;", "set", ":", "true", "exit", "EOF", "then", "do", "else", "{", "(", NULL,
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

static void report_unset(struct shell_lines *shell)
{
	const struct argument *unset = &shell->words.unset;
	struct diagnostics *diagnostics = shell->parser->diagnostics;

	if (unset->text[0] == '$' || unset->text[0] == '`')
		diag_error(diagnostics, unset->where, "no command is run: write its result",
			   "a command substitution in a rule");
	else if (map_find(&shell->loop_variables, unset->text))
		diag_error(diagnostics, unset->where, "loops are not run: write a rule for each value",
			   "$%s is set by a loop", unset->text);
	else if (isdigit((unsigned char)unset->text[0]) || !isalpha((unsigned char)unset->text[0]))
		diag_error(diagnostics, unset->where, "scripts are not run: write the value",
			   "$%s is an argument of the script", unset->text);
	else
		diag_error(diagnostics, unset->where, "set it above: NAME=value", "$%s has no value in this file",
			   unset->text);
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
	if (shell->words.unset.text) {
		parser->n_commands++;
		report_unset(shell);
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
	(void)parse_invocation(&invocation);
}

/* A command, behind the `$ ` or `# ` prompts that copied sessions have too. */
static void run_command(struct shell_lines *shell)
{
	const struct lex_words *words = &shell->words;
	size_t at = command_index(shell);
	enum family family;

	if (at < words->n_words && strcmp(words->words[at].text, "$") == 0)
		at++;
	if (at >= words->n_words)
		return;
	family = family_of_tool(words->words[at].text);
	if (family != FAMILY_NONE) {
		run_tool(shell, at, family);
	} else if (is_one_of(words->words[at].text, control_words)) {
		if (strcmp(words->words[at].text, "for") == 0 && at + 1 < words->n_words)
			map_add(&shell->loop_variables, words->words[at + 1].text, shell);
		ignore(shell, IGNORED_CONTROL);
		if (at + 1 < words->n_words && family_of_tool(words->words[at + 1].text) != FAMILY_NONE)
			run_tool(shell, at + 1, family_of_tool(words->words[at + 1].text));
	} else if (!is_one_of(words->words[at].text, silent_words)) {
		ignore(shell, IGNORED_COMMAND);
	}
	if (words->heredoc) {
		shell->heredoc = words->heredoc;
		shell->skips_heredoc = !strstr(words->words[at].text, "tables-restore");
		if (!shell->skips_heredoc)
			shell->parser->hinted_family = strstr(words->words[at].text, "ip6") ? FAMILY_IPV6 : FAMILY_IPV4;
	}
}

static bool line_has(struct source_range line, const char *words)
{
	return memmem(line.source->text + line.offset, line.len, words, strlen(words)) != NULL;
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
	diag_error(shell->parser->diagnostics, line, "a line such as \"*filter\" must begin the table",
		   "this line stands outside of a table");
	lex_skip_line(lexer);
	return true;
}

static bool read_heredoc(struct shell_lines *shell)
{
	struct lexer *lexer = &shell->parser->lexer;
	struct source_range line = lex_line(lexer);
	const char *text = line.source->text + line.offset;

	if (!shell->heredoc)
		return false;
	if (line.len == strlen(shell->heredoc) && memcmp(text, shell->heredoc, line.len) == 0)
		shell->heredoc = NULL;
	else if (!shell->skips_heredoc)
		return false;
	lex_skip_line(lexer);
	return true;
}

void parse_shell_line(struct shell_lines *shell)
{
	struct lexer *lexer = &shell->parser->lexer;
	char first = lex_peek(lexer);

	if (read_heredoc(shell))
		return;
	if (first == '#') {
		read_comment(shell);
	} else if (first == '\0') {
		lex_skip_line(lexer);
	} else if (first == '-') {
		read_listed(shell);
	} else if (!read_misplaced(shell)) {
		if (lex_read_command(lexer, &shell->words))
			run_command(shell);
	}
}
