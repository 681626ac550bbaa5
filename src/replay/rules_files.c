/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/rules_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"

void rules_files_init(struct rules_files *files)
{
	memset(files, 0, sizeof(*files));
}

void rules_files_clear(struct rules_files *files)
{
	for (size_t i = 0; i < files->n_files; i++)
		source_clear(&files->files[i].source);
	for (size_t i = 0; i < files->n_set_files; i++)
		source_clear(&files->set_files[i].source);
	free(files->files);
	free(files->set_files);
	ipsets_destroy(files->sets);
	rules_files_init(files);
}

void rules_files_add(struct rules_files *files, const char *path, enum family family)
{
	files->files = alloc_resize(files->files, files->n_files + 1, sizeof(*files->files));
	files->files[files->n_files++] = (struct rules_file){ .path = path, .family = family };
}

void rules_files_add_text(struct rules_files *files, const char *name, const char *text, size_t len, enum family family)
{
	rules_files_add(files, NULL, family);
	source_init(&files->files[files->n_files - 1].source, name, text, len);
}

void rules_files_add_sets(struct rules_files *files, const char *path)
{
	files->set_files = alloc_resize(files->set_files, files->n_set_files + 1, sizeof(*files->set_files));
	files->set_files[files->n_set_files++] = (struct set_file){ .path = path };
}

void rules_files_add_sets_text(struct rules_files *files, const char *name, const char *text, size_t len)
{
	rules_files_add_sets(files, NULL);
	source_init(&files->set_files[files->n_set_files - 1].source, name, text, len);
}

static bool read_stream(FILE *stream, struct text *text)
{
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stream)) > 0)
		text_append_bytes(text, chunk, n);
	return !ferror(stream);
}

bool rules_files_read(const char *path, struct source *source, struct diagnostics *diagnostics)
{
	bool is_stdin = strcmp(path, "-") == 0, is_ok;
	FILE *stream = is_stdin ? stdin : fopen(path, "rb");
	struct text text;
	int error;

	if (!stream) {
		diag_error_plain(diagnostics, "%s: %s", path, strerror(errno));
		return false;
	}
	text_init(&text);
	is_ok = read_stream(stream, &text);
	error = errno;
	if (!is_stdin)
		fclose(stream);
	if (is_ok && text.len >= UINT32_MAX) {
		is_ok = false;
		error = EFBIG;
	}
	if (is_ok)
		source_init(source, is_stdin ? "(standard input)" : path, text_string(&text), text.len);
	else
		diag_error_plain(diagnostics, "%s: %s", path, strerror(error));
	text_clear(&text);
	return is_ok;
}

static bool load_sets(struct rules_files *files, const struct limits *limits, struct diagnostics *diagnostics)
{
	bool is_ok = true;

	for (size_t i = 0; i < files->n_set_files; i++) {
		struct set_file *file = &files->set_files[i];

		if (!files->sets)
			files->sets = ipsets_create();
		if (limits)
			ipsets_limit(files->sets, limits->set_elements);
		is_ok &= (!file->path || rules_files_read(file->path, &file->source, diagnostics)) &&
			 ipsets_read(files->sets, &file->source, diagnostics);
	}
	return is_ok;
}

struct ruleset *rules_files_load(struct rules_files *files, const struct ruleset_options *options,
				 struct diagnostics *diagnostics)
{
	struct ruleset_input *inputs = alloc_zeroed(files->n_files, sizeof(*inputs));
	struct ruleset_options with_sets = *options;
	struct ruleset *ruleset = NULL;
	bool is_ok = load_sets(files, options->limits, diagnostics);

	for (size_t i = 0; i < files->n_files; i++) {
		struct rules_file *file = &files->files[i];

		if (file->path)
			is_ok &= rules_files_read(file->path, &file->source, diagnostics);
		inputs[i] = (struct ruleset_input){ .source = &file->source, .family = file->family };
	}
	with_sets.sets = files->sets;
	if (is_ok)
		ruleset = ruleset_load(inputs, files->n_files, &with_sets, diagnostics);
	free(inputs);
	return ruleset;
}

void policies_file_init(struct policies_file *file)
{
	*file = (struct policies_file){ .path = NULL };
	timeout_policies_init(&file->policies);
}

void policies_file_clear(struct policies_file *file)
{
	timeout_policies_clear(&file->policies);
	source_clear(&file->source);
}

bool policies_file_name(struct policies_file *file, const char *path, struct diagnostics *diagnostics)
{
	if (file->path) {
		diag_error_plain(diagnostics, "--timeouts was given twice: '%s' and '%s'", file->path, path);
		return false;
	}
	file->path = path;
	return true;
}

bool policies_file_load(struct policies_file *file, const struct conntrack_settings *settings,
			struct diagnostics *diagnostics)
{
	/* Once is enough where the same options open several scenes. */
	return !file->path || file->source.text || (rules_files_read(file->path, &file->source, diagnostics) &&
			       timeout_policies_parse(&file->policies, &file->source, settings, diagnostics));
}
