/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of commands, or a script that holds them, while it is read. parse_shell reads lines and runs iptables' commands;
 * parse_script follows what of a shell script can be followed without running anything: `for` over a literal list, functions,
 * `&&` and `||` behind iptables; parse_heredoc, here-documents and what iptables-restore loads of them. Private to the three.
 */
#ifndef RULES_PARSE_SHELL_PARTS_H
#define RULES_PARSE_SHELL_PARTS_H

#include "rules/parse.h"

/* "and" behind a message about what cannot be followed */
extern const char script_advice[];

/* parse_shell.c: an error about a line that would have to stand in a table. */
void parse_report_outside(struct parser *parser, struct source_range line);

enum opening_kind {
	OPENING_IF, OPENING_CASE, OPENING_WHILE,	/* whether the commands inside run is not known */
	OPENING_LOOP,			/* for: they run once for each value */
	OPENING_SKIPPED,		/* for over nothing: they do not run */
	OPENING_CALL,			/* a function's body, while it is called */
	OPENING_GROUP,			/* "{" */
};

struct opening {
	enum opening_kind kind;
	struct source_range where;
	bool is_reported;		/* that commands depend on it */
	const char *variable;		/* LOOP */
	const char **values;		/* LOOP: in the arena */
	size_t n_values, next;
	uint32_t offset, line;		/* LOOP: of the body; CALL: where to go on behind the call */
	size_t n_errors;		/* that there were when it was opened */
};

enum { OPENINGS_MOST = 64 };

struct script {
	struct opening openings[OPENINGS_MOST];
	size_t n_openings;
	struct map functions;		/* name to struct script_function, in the arena */
	enum lex_connector connector;	/* what joins the command at hand to the one before */
	bool has_failed;		/* the command before */
	bool is_unknown;		/* whether it did: a test */
};

/* "name() {" at the lexer's place: the function is noted, and its body passed over. */
bool script_read_definition(struct script *script, struct parser *parser);

/* Does the word name a function that was defined above? */
bool script_has_function(const struct script *script, const char *name);
void script_call(struct script *script, struct parser *parser, const struct argument *name);

/*
 * A word of the shell's own ("for", "done", "if", ...) begins the command: it is followed. False: the word is none.
 * *is_ignored: the user is to know that it was not run.
 */
bool script_follow(struct script *script, struct parser *parser, const struct lex_words *words, size_t at, bool *is_ignored);

/* Does the command at hand run? `&&` and `||` may say no, and so may a loop without values. */
bool script_runs(struct script *script, struct parser *parser, const struct lex_words *words);

/* Whether the command at hand runs depends on a test: reported at `where`, once for each. */
bool script_is_conditional(struct script *script, struct parser *parser, struct source_range where);

/* At the end of the file: what was not closed. */
void script_finish(const struct script *script, struct parser *parser);

struct heredoc {
	const char *end;		/* the line that ends it */
	bool is_quoted;			/* `<<'END'`: no variables in it are replaced */
	bool strips_tabs;		/* `<<-` */
};

enum heredoc_use {
	HEREDOC_PASSED_OVER,		/* but for tables in it, which something may load that is not followed */
	HEREDOC_LOADED,			/* by iptables-restore */
	HEREDOC_SKIPPED,		/* its tables, too */
};

struct heredocs {
	struct heredoc open;		/* the one that is read, or of which the command was; end is NULL: none */
	enum heredoc_use use;
	const char *name;		/* of the file it goes to, up to its first line */
	enum family hinted, fixed;	/* the parser's, before it */
	bool comes_back;		/* it stands further up: behind it, go on here */
	bool comes_again;		/* it stands behind the line at hand: passed over then */
	uint32_t from;			/* its first line, where it comes back or again */
	uint32_t back_offset, back_line;
	struct map files;		/* names to struct heredoc_file, in the arena */
	struct heredoc_file *first, *last;	/* as they were written; the first ones that were loaded are left out */
};

/* Is it the line that ends one? */
bool heredoc_ends(struct source_range line, const char *end);

/* "iptables-restore", under any of its names? */
bool heredoc_is_restore(const char *word);

/* The command was read, and is words[at]: a here-document may begin behind its line. `runs`: the command does. True: it writes a file. */
bool heredoc_begin(struct heredocs *heredocs, struct parser *parser, const struct lex_words *words, size_t at, bool runs);

/* The iptables-restore at words[at], behind heredoc_begin(): what it loads is read next. An error when that is not in the script. */
void heredoc_restore(struct heredocs *heredocs, struct script *script, struct parser *parser, const struct lex_words *words, size_t at);

/* Reads the line at hand. False: it is none of a here-document. */
bool heredoc_read_line(struct heredocs *heredocs, struct parser *parser);

/* May a "*table" section begin at the line at hand? */
bool heredoc_takes_tables(const struct heredocs *heredocs);

/* At the end of the script: is there more to read, of files that nothing in it loaded? */
bool heredoc_read_rest(struct heredocs *heredocs, struct parser *parser);

#endif
