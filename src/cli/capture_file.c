/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/capture_file.h"

#include <stdio.h>
#include <string.h>

#include "capture/reader.h"
#include "cli/rules_files.h"

static const char script_mark[] = "# ctreplay packets";

bool capture_file_is_script(const char *path)
{
	char start[sizeof(script_mark) - 1];
	FILE *stream = strcmp(path, "-") == 0 ? NULL : fopen(path, "rb");
	bool is_script;

	if (!stream)
		return false;	/* whoever opens it to read tells why */
	is_script = fread(start, 1, sizeof(start), stream) == sizeof(start) &&
		    memcmp(start, script_mark, sizeof(start)) == 0;
	fclose(stream);
	return is_script;
}

static bool parse_script(struct capture_file *file, struct diagnostics *diagnostics)
{
	file->is_script = true;
	if (!script_parse(&file->script, &file->text, diagnostics))
		return false;
	file->source = script_open(&file->script);
	return true;
}

bool capture_file_open_text(struct capture_file *file, const char *name, const struct text *script,
			    struct diagnostics *diagnostics)
{
	memset(file, 0, sizeof(*file));
	source_init(&file->text, name, text_string(script), script->len);
	return parse_script(file, diagnostics);
}

bool capture_file_open(struct capture_file *file, const char *path, struct diagnostics *diagnostics)
{
	struct text error;

	memset(file, 0, sizeof(*file));
	if (capture_file_is_script(path))
		return rules_files_read(path, &file->text, diagnostics) && parse_script(file, diagnostics);
	text_init(&error);
	file->source = reader_open(path, &error);
	if (!file->source)
		diag_error_plain(diagnostics, "%s", text_string(&error));
	text_clear(&error);
	return file->source != NULL;
}

void capture_file_close(struct capture_file *file)
{
	packet_source_close(file->source);
	if (file->is_script) {
		script_clear(&file->script);
		source_clear(&file->text);
	}
	memset(file, 0, sizeof(*file));
}
