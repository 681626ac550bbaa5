/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/capture_file.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "capture/merge.h"
#include "capture/reader.h"
#include "replay/rules_files.h"

static const char script_mark[] = "# ctreplay packets";

/* A pipe has its bytes once: it is a capture, as standard input is. */
bool capture_file_is_script(const char *path)
{
	char start[sizeof(script_mark) - 1];
	struct stat status;
	FILE *stream = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rb") : NULL;
	bool is_script;

	if (!stream)
		return false;	/* whoever opens it to read tells why */
	is_script = fread(start, 1, sizeof(start), stream) == sizeof(start) &&
		    memcmp(start, script_mark, sizeof(start)) == 0;
	fclose(stream);
	return is_script;
}

static bool parse_script(struct capture_file *file, const struct limits *limits, struct diagnostics *diagnostics)
{
	file->is_script = true;
	if (!script_parse(&file->script, &file->text, limits, diagnostics))
		return false;
	file->source = script_open(&file->script);
	return true;
}

bool capture_file_open_text(struct capture_file *file, const char *name, const struct text *script, const struct limits *limits,
			    struct diagnostics *diagnostics)
{
	memset(file, 0, sizeof(*file));
	source_init(&file->text, name, text_string(script), script->len);
	return parse_script(file, limits, diagnostics);
}

bool capture_file_open(struct capture_file *file, const char *path, const struct limits *limits, struct diagnostics *diagnostics)
{
	struct text error;

	memset(file, 0, sizeof(*file));
	if (capture_file_is_script(path))
		return rules_files_read(path, &file->text, diagnostics) && parse_script(file, limits, diagnostics);
	text_init(&error);
	file->source = reader_open(path, limits, &error);
	if (!file->source)
		diag_error_plain(diagnostics, "%s", text_string(&error));
	text_clear(&error);
	return file->source != NULL;
}

static const char *link_type_name(int link_type)
{
	const char *name = pcap_datalink_val_to_name(link_type);

	return name ? name : "without a name";
}

static bool open_parts(struct capture_file *file, const char *const *paths, size_t n, const struct limits *limits,
		       struct diagnostics *diagnostics)
{
	while (file->n_parts < n) {
		const char *path = paths[file->n_parts];
		struct capture_file *part = &file->parts[file->n_parts++];
		int first_type;

		if (!capture_file_open(part, path, limits, diagnostics))
			return false;
		first_type = file->parts[0].source->link_type;
		if (part->source->link_type == first_type)
			continue;
		diag_error_plain(diagnostics, "-r %s: its link type is %s, that of %s is %s: captures that are replayed as one must have the same",
				 path, link_type_name(part->source->link_type), paths[0], link_type_name(first_type));
		return false;
	}
	return true;
}

bool capture_file_open_all(struct capture_file *file, const char *const *paths, size_t n, const struct limits *limits,
			   struct diagnostics *diagnostics)
{
	struct packet_source **sources;

	if (n == 1)
		return capture_file_open(file, paths[0], limits, diagnostics);
	memset(file, 0, sizeof(*file));
	for (size_t i = 0; i < n; i++)
		if (reader_is_live(paths[i])) {
			diag_error_plain(diagnostics, "-r %s: %s cannot be one of several captures", paths[i],
					 strcmp(paths[i], "-") == 0 ? "standard input" : "a pipe");
			return false;
		}
	file->parts = alloc_zeroed(n, sizeof(*file->parts));
	if (!open_parts(file, paths, n, limits, diagnostics))
		return false;
	sources = alloc_zeroed(n, sizeof(struct packet_source *));
	for (size_t i = 0; i < n; i++)
		sources[i] = file->parts[i].source;
	file->source = merge_open(sources, n);
	free(sources);
	return true;
}

void capture_file_close(struct capture_file *file)
{
	packet_source_close(file->source);
	for (size_t i = 0; i < file->n_parts; i++)
		capture_file_close(&file->parts[i]);
	free(file->parts);
	if (file->is_script) {
		script_clear(&file->script);
		source_clear(&file->text);
	}
	memset(file, 0, sizeof(*file));
}
