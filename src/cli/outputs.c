/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/outputs.h"

#include <errno.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/wrap.h"

static const char standard_output[] = "standard output";

/* Events of a packet that is not shown are kept from the sinks; what belongs to no packet passes. */
static void listen_if_shown(void *owner, const struct event *event)
{
	struct shown_sink *shown = owner;
	bool is_always_wanted = (shown->sink.type->hidden_kinds & EVENT_BIT(event->kind)) != 0;

	if (event->packet == 0 || shown->outputs->is_shown || is_always_wanted)
		sink_listen(&shown->sink, event);
}

static bool wants_color(enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

/* Packets that come in as somebody sends them are to be seen at once. */
static bool is_live(const struct run_options *options)
{
	return strcmp(options->capture, "-") == 0;
}

/* The same file for two formats would hold neither. */
static bool is_taken(const struct run_options *options, const char *out)
{
	for (size_t i = 0; options->outs[i] != out; i++)
		if (strcmp(strchr(options->outs[i], '='), strchr(out, '=')) == 0)
			return true;
	return false;
}

static void add_sink(struct outputs *outputs, const struct sink_type *type, const struct sink_options *options)
{
	struct shown_sink *shown = &outputs->sinks[outputs->n_sinks++];

	shown->outputs = outputs;
	sink_open(&shown->sink, type, options, &shown->output);
}

static bool open_output(struct outputs *outputs, const char *out, const struct run_options *options, bool *uses_stdout,
			struct diagnostics *diagnostics)
{
	const char *equals = strchr(out, '='), *path = equals + 1;
	char *name = alloc_copy(out, (size_t)(equals - out));
	struct sink_options sink_options = {
		.quiet = options->is_quiet, .flow = options->view.flow, .packet = options->view.packet,
	};
	struct output *output = &outputs->sinks[outputs->n_sinks].output;
	const struct sink_type *type;
	struct text error;
	bool is_ok, is_stdout = strcmp(path, "-") == 0;

	text_init(&error);
	is_ok = sink_parse(name, &type, &sink_options, &error);
	if (is_ok && is_taken(options, out)) {
		text_append(&error, "another format goes there already");
		is_ok = false;
	} else if (is_ok && is_stdout) {
		*uses_stdout = true;
		output_open_stream(output, stdout, standard_output, is_live(options));
		sink_options.color = wants_color(options->color);
		sink_options.columns = wrap_terminal_columns();
	} else if (is_ok && !output_open_file(output, path, &error)) {
		is_ok = false;
		outputs->has_failed_to_open = true;
	}
	if (is_ok)
		add_sink(outputs, type, &sink_options);
	else
		diag_error_plain(diagnostics, "--out %s: %s", out, text_string(&error));
	text_clear(&error);
	free(name);
	return is_ok;
}

static void open_default_view(struct outputs *outputs, const struct run_options *options)
{
	struct sink_options sink_options = {
		.color = wants_color(options->color),
		.quiet = options->is_quiet,
		.columns = wrap_terminal_columns(),
		.why_not = options->view.why_not,
		.flow = options->view.flow,
		.packet = options->view.packet,
	};

	const struct sink_type *type;
	struct text error;

	text_init(&error);
	if (!sink_parse(options->view.format, &type, &sink_options, &error))
		assert(!"the command knows its own view");
	output_open_stream(&outputs->sinks[outputs->n_sinks].output, stdout, standard_output, is_live(options));
	add_sink(outputs, type, &sink_options);
	text_clear(&error);
}

bool outputs_open(struct outputs *outputs, const struct run_options *options, struct stream *stream,
		  struct diagnostics *diagnostics)
{
	bool uses_stdout = false, is_ok = true;

	memset(outputs, 0, sizeof(*outputs));
	outputs->is_shown = true;
	outputs->sinks = alloc_zeroed(options->n_outs + 1, sizeof(*outputs->sinks));
	if (options->n_outs >= STREAM_MOST_LISTENERS) {
		diag_error_plain(diagnostics, "--out: at most %d outputs", STREAM_MOST_LISTENERS - 1);
		is_ok = false;
	}
	for (size_t i = 0; i < options->n_outs && is_ok; i++)
		is_ok = open_output(outputs, options->outs[i], options, &uses_stdout, diagnostics);
	if (!is_ok) {
		outputs_close(outputs, false, diagnostics);
		return false;
	}
	if (!uses_stdout && options->view.format)
		open_default_view(outputs, options);
	for (size_t i = 0; i < outputs->n_sinks; i++)
		stream_add(stream, outputs->sinks[i].sink.kinds, listen_if_shown, &outputs->sinks[i]);
	return true;
}

void outputs_flush(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->n_sinks; i++)
		output_flush_if_full(&outputs->sinks[i].output);
}

bool outputs_have_failed(const struct outputs *outputs)
{
	size_t n_gone = 0;

	for (size_t i = 0; i < outputs->n_sinks; i++) {
		const struct output *output = &outputs->sinks[i].output;

		if (output_has_failed(output) && output->error != EPIPE)
			return true;
		n_gone += output->error == EPIPE;
	}
	return n_gone > 0 && n_gone == outputs->n_sinks;
}

bool outputs_close(struct outputs *outputs, bool is_complete, struct diagnostics *diagnostics)
{
	bool is_ok = true, has_failed_to_open = outputs->has_failed_to_open;

	is_complete = is_complete && !outputs_have_failed(outputs);
	for (size_t i = 0; i < outputs->n_sinks; i++) {
		struct shown_sink *shown = &outputs->sinks[i];
		bool is_reader_gone;
		struct text error;

		text_init(&error);
		sink_close(&shown->sink);
		output_flush(&shown->output);
		is_reader_gone = shown->output.error == EPIPE;
		if (!output_close(&shown->output, is_complete, &error)) {
			if (!is_reader_gone)
				diag_error_plain(diagnostics, "%s", text_string(&error));
			is_ok = false;
		}
		output_clear(&shown->output);
		text_clear(&error);
	}
	free(outputs->sinks);
	memset(outputs, 0, sizeof(*outputs));
	outputs->has_failed_to_open = has_failed_to_open;
	return is_ok;
}
