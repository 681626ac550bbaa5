/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "rules/parse_shell_parts.h"

/* One that goes to a file: `cat >FILE <<END`. */
struct heredoc_file {
	struct heredoc heredoc;
	uint32_t offset, line;		/* of its first line */
	uint32_t n_assigned;		/* what the variables in it stood for */
	enum family family;		/* that the file's name speaks of; FAMILY_NONE: it does not */
	bool is_loaded;
	struct heredoc_file *next;
};

/* An option of iptables-restore, also among others ("-cn") or cut short ("--nofl"); behind some letters stand their values. */
static bool is_option(const char *word, char letter, const char *name)
{
	size_t len = strlen(word);

	if (word[0] != '-' || len < 2)
		return false;
	if (word[1] == '-')
		return len > 3 && strncmp(word + 2, name, len - 2) == 0;
	while (*++word && *word != letter && !strchr("MT", *word))
		continue;
	return *word == letter;
}

static bool has_option(const struct lex_words *words, size_t at, char letter, const char *name)
{
	for (size_t i = at + 1; i < words->n_words; i++) {
		if (is_option(words->words[i].text, letter, name))
			return true;
	}
	return false;
}

static const char *base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

bool heredoc_ends(struct source_range line, const char *end)
{
	return line.len == strlen(end) && memcmp(line.source->text + line.offset, end, line.len) == 0;
}

bool heredoc_is_restore(const char *word)
{
	const char *name = base_name(word);

	return (strncmp(name, "iptables", 8) == 0 || strncmp(name, "ip6tables", 9) == 0) && strstr(name, "-restore") &&
	       !strstr(name, "-translate");
}

static void open_heredoc(struct heredocs *heredocs, struct parser *parser, const struct heredoc *heredoc, enum heredoc_use use)
{
	heredocs->open = *heredoc;
	heredocs->use = use;
	heredocs->hinted = parser->hinted_family;
	heredocs->fixed = parser->fixed_family;
	parser->is_expanded = !heredoc->is_quoted;
	parser->lexer.strips_tabs = heredoc->strips_tabs;
}

/* The file that `cat >FILE` or `tee FILE` writes; NULL: the command is none of these. */
static const char *written_file(const struct lex_words *words, size_t at)
{
	const char *command = base_name(words->words[at].text);

	if (strcmp(command, "tee") == 0 && at + 1 < words->n_words)
		return words->words[words->n_words - 1].text;
	return strcmp(command, "cat") == 0 && at + 1 == words->n_words ? words->output : NULL;
}

bool heredoc_begin(struct heredocs *heredocs, struct parser *parser, const struct lex_words *words, size_t at, bool runs)
{
	struct heredoc heredoc = {
		.end = words->heredoc, .is_quoted = words->heredoc_is_quoted, .strips_tabs = words->heredoc_strips,
	};
	bool is_dropped;

	if (!words->heredoc)
		return false;
	heredocs->name = runs ? written_file(words, at) : NULL;
	/* `: <<END` comments out. */
	is_dropped = !runs || strcmp(words->words[at].text, ":") == 0 || (heredocs->name && strcmp(heredocs->name, "/dev/null") == 0);
	if (is_dropped)
		heredocs->name = NULL;
	open_heredoc(heredocs, parser, &heredoc, is_dropped ? HEREDOC_SKIPPED : HEREDOC_PASSED_OVER);
	return heredocs->name != NULL;
}

/* Its first line is reached: it is read when something loads the file. */
static void put_into_file(struct heredocs *heredocs, struct parser *parser)
{
	struct heredoc_file *file = arena_alloc(parser->lexer.arena, sizeof(*file));
	const char *name = base_name(heredocs->name);

	*file = (struct heredoc_file){
		.heredoc = heredocs->open, .offset = parser->lexer.offset, .line = parser->lexer.line,
		.n_assigned = parser->lexer.n_assigned, .is_loaded = heredocs->use == HEREDOC_LOADED,
	};
	file->family = strstr(name, "ip6") || strstr(name, "v6") ? FAMILY_IPV6 : FAMILY_NONE;
	map_add(&heredocs->files, heredocs->name, file);
	if (heredocs->last)
		heredocs->last->next = file;
	else
		heredocs->first = file;
	heredocs->last = file;
	heredocs->name = NULL;
	if (heredocs->use != HEREDOC_LOADED)
		heredocs->use = HEREDOC_SKIPPED;
}

static void come_back_here(struct heredocs *heredocs, const struct parser *parser)
{
	heredocs->comes_back = true;
	heredocs->back_offset = parser->lexer.offset;
	heredocs->back_line = parser->lexer.line;
}

static void read_file(struct heredocs *heredocs, struct parser *parser, struct heredoc_file *file, enum heredoc_use use)
{
	come_back_here(heredocs, parser);
	open_heredoc(heredocs, parser, &file->heredoc, use);
	lex_go_to(&parser->lexer, file->offset, file->line);
	heredocs->from = file->offset;
	parser->lexer.as_of = file->n_assigned;
}

static void close_heredoc(struct heredocs *heredocs, struct parser *parser)
{
	const struct ruleset_options *options = parser->options;

	if (!heredocs->comes_again)
		heredocs->open = (struct heredoc){ .end = NULL };
	heredocs->use = HEREDOC_SKIPPED;
	heredocs->name = NULL;
	parser->hinted_family = heredocs->hinted;
	parser->fixed_family = heredocs->fixed;
	parser->keeps_tables = options && options->keeps_tables;
	parser->is_expanded = parser->replaces_tables = false;
	parser->lexer.as_of = UINT32_MAX;
	parser->lexer.strips_tabs = heredocs->open.strips_tabs;
	if (heredocs->comes_back) {
		parse_passed_again(parser, heredocs->from);
		lex_go_to(&parser->lexer, heredocs->back_offset, heredocs->back_line);
	}
	heredocs->comes_back = heredocs->comes_again = false;
}

/* The file that "iptables-restore <FILE" or "iptables-restore FILE" reads. NULL: this script did not write it. */
static struct heredoc_file *find_file(const struct heredocs *heredocs, const struct lex_words *words, size_t at)
{
	struct heredoc_file *file = words->input ? map_find(&heredocs->files, words->input) : NULL;

	for (size_t i = at + 1; i < words->n_words && !file; i++)
		file = map_find(&heredocs->files, words->words[i].text);
	return file;
}

/* Nothing of the line at hand was read. */
static bool is_at_line_start(const struct lexer *lexer)
{
	uint32_t at = lexer->offset;

	while (at && lexer->source->text[at - 1] == '\t')
		at--;
	return !at || lexer->source->text[at - 1] == '\n';
}

/* It begins behind the line at hand, of which more commands may follow: they run when it was loaded. */
static void load_open(struct heredocs *heredocs, struct parser *parser)
{
	heredocs->use = HEREDOC_LOADED;
	if (is_at_line_start(&parser->lexer))
		return;
	come_back_here(heredocs, parser);
	heredocs->comes_again = true;
	lex_skip_line(&parser->lexer);
	heredocs->from = parser->lexer.offset;
}

void heredoc_restore(struct heredocs *heredocs, struct script *script, struct parser *parser, const struct lex_words *words, size_t at)
{
	const struct argument *word = &words->words[at];
	enum family family = strstr(word->text, "ip6") ? FAMILY_IPV6 : FAMILY_IPV4;
	bool only_looks = has_option(words, at, 't', "test") || has_option(words, at, 'h', "help") || has_option(words, at, 'V', "version");
	struct heredoc_file *file = find_file(heredocs, words, at);

	heredocs->use = HEREDOC_SKIPPED;
	/* Also when it is only looked at, or for the family that is not asked for: then it is not for the end of the script. */
	if (file)
		file->is_loaded = true;
	if (only_looks || (parser->fixed_family != FAMILY_NONE && parser->fixed_family != family) ||
	    script_is_conditional(script, parser, word->where))
		return;
	if (file && !heredocs->open.end) {
		read_file(heredocs, parser, file, HEREDOC_LOADED);
	} else if (heredocs->open.end && (words->heredoc || !words->input)) {
		load_open(heredocs, parser);
	} else {
		parser->n_commands++;
		diag_error(parser->diagnostics, word->where, script_advice, "what this loads does not stand in this script");
		return;
	}
	parser->fixed_family = family;
	parser->replaces_tables = true;
	parser->keeps_tables |= has_option(words, at, 'n', "noflush");
}

bool heredoc_read_line(struct heredocs *heredocs, struct parser *parser)
{
	struct source_range line = lex_line(&parser->lexer);

	if (!heredocs->open.end || !is_at_line_start(&parser->lexer))
		return false;
	if (heredocs->name) {
		put_into_file(heredocs, parser);
		return true;
	}
	lex_skip_line(&parser->lexer);
	if (heredoc_ends(line, heredocs->open.end))
		close_heredoc(heredocs, parser);
	else if (heredocs->use == HEREDOC_LOADED && line.len && line.source->text[line.offset] != '#')
		parse_report_outside(parser, line);
	return true;
}

bool heredoc_takes_tables(const struct heredocs *heredocs)
{
	return !heredocs->open.end || (heredocs->use != HEREDOC_SKIPPED && !heredocs->name);
}

bool heredoc_read_rest(struct heredocs *heredocs, struct parser *parser)
{
	if (heredocs->open.end)
		close_heredoc(heredocs, parser);
	while (heredocs->first && heredocs->first->is_loaded)
		heredocs->first = heredocs->first->next;
	if (heredocs->first) {
		heredocs->first->is_loaded = true;
		read_file(heredocs, parser, heredocs->first, HEREDOC_PASSED_OVER);
		if (heredocs->first->family != FAMILY_NONE)
			parser->hinted_family = heredocs->first->family;
	}
	return !lex_is_at_end(&parser->lexer);
}
