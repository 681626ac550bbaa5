/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "replay/relay.h"

bool outputs_is_of_listings(const char *out)
{
	const uint32_t heading = EVENT_BIT(EVENT_SNAPSHOT), rows = EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_SET);
	char *name = alloc_copy(out, strcspn(out, ",="));
	const struct sink_type *type = sink_find(name);

	free(name);
	return type && (type->kinds & heading) && (type->kinds & rows) &&
	       !(type->kinds & ~(heading | rows | EVENT_BIT(EVENT_RUN)));
}

/* Events of a packet that is not shown are kept from the sinks; what belongs to no packet passes. */
static void tell(struct shown_sink *shown, const struct event *event, bool is_shown)
{
	bool is_always_wanted = (shown->sink.type->hidden_kinds & EVENT_BIT(event->kind)) != 0;

	if (event->packet == 0 || is_shown || is_always_wanted)
		sink_listen(&shown->sink, event);
}

static void listen_here(void *owner, const struct event *event)
{
	struct shown_sink *shown = owner;

	tell(shown, event, shown->outputs->is_shown);
}

/* Of all formats at once, which work in another thread. */
static void listen_and_send(void *owner, const struct event *event)
{
	struct outputs *outputs = owner;

	relay_send(outputs->relay, event, outputs->is_shown);
}

/* The view on the screen, and whoever drives the replay, listen too. */
enum { OUTPUTS_MOST = STREAM_MOST_LISTENERS - 1 };

/* Packets that come in as somebody sends them are to be seen at once. */
static bool is_live(const struct run_options *options)
{
	return run_options_live_capture(options) != NULL;
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

static bool is_for_screen(const char *out)
{
	return strcmp(strchr(out, '='), "=-") == 0;
}

/* Of a format that may also be asked about a packet, or draw one flow. */
static struct sink_options sink_options_of(const struct run_options *options)
{
	return (struct sink_options){ .quiet = options->is_quiet, .why_not = options->why_not, .flow = options->flow };
}

static void open_screen(struct output *output, const struct screen *screen, const struct run_options *options,
			struct sink_options *sink_options)
{
	output_open_stream(output, screen->file, "standard output", is_live(options));
	sink_options->color = options->color == COLOR_ALWAYS || (options->color == COLOR_AUTO && screen->has_color);
	sink_options->columns = screen->columns;
}

static bool open_output(struct outputs *outputs, const char *out, const struct run_options *options,
			const struct screen *screen, struct diagnostics *diagnostics)
{
	const char *equals = strchr(out, '='), *path = equals + 1;
	char *name = alloc_copy(out, (size_t)(equals - out));
	struct sink_options sink_options = sink_options_of(options);
	struct output *output = &outputs->sinks[outputs->n_sinks].output;
	const struct sink_type *type;
	struct text error;
	bool is_ok;

	text_init(&error);
	is_ok = sink_parse(name, &type, &sink_options, &error);
	if (is_ok && is_taken(options, out)) {
		text_append(&error, "another format goes there already");
		is_ok = false;
	} else if (is_ok && is_for_screen(out)) {
		is_ok = screen != NULL;
		if (is_ok)
			open_screen(output, screen, options, &sink_options);
		else
			text_append(&error, "there is no standard output here");
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

/* The format of an output that no --out names. */
static bool parse_format(const char *format, const struct sink_type **type, struct sink_options *sink_options, struct diagnostics *diagnostics)
{
	struct text error;
	bool is_ok;

	text_init(&error);
	is_ok = sink_parse(format, type, sink_options, &error);
	if (!is_ok)
		diag_error_plain(diagnostics, "%s: %s", format, text_string(&error));
	text_clear(&error);
	return is_ok;
}

static bool open_function(struct outputs *outputs, const struct run_options *options, const struct run_function *function,
			  struct diagnostics *diagnostics)
{
	struct sink_options sink_options = sink_options_of(options);
	const struct sink_type *type;

	if (!parse_format(function->format, &type, &sink_options, diagnostics))
		return false;
	output_open_function(&outputs->sinks[outputs->n_sinks].output, function->write, function->owner, function->format);
	add_sink(outputs, type, &sink_options);
	return true;
}

static bool open_view(struct outputs *outputs, const struct run_options *options, const struct screen *screen, struct diagnostics *diagnostics)
{
	struct sink_options sink_options = sink_options_of(options);
	const struct sink_type *type;

	if (!parse_format(screen->view, &type, &sink_options, diagnostics))
		return false;
	open_screen(&outputs->sinks[outputs->n_sinks].output, screen, options, &sink_options);
	add_sink(outputs, type, &sink_options);
	return true;
}

static void flush_here(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->n_sinks; i++)
		output_flush_if_full(&outputs->sinks[i].output);
}

static bool have_failed(const struct outputs *outputs)
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

static uint32_t all_kinds(const struct outputs *outputs)
{
	uint32_t kinds = 0;

	for (size_t i = 0; i < outputs->n_sinks; i++)
		kinds |= outputs->sinks[i].sink.kinds;
	return kinds;
}

static bool pays_relay(const struct outputs *outputs, const struct run_options *options)
{
	const uint32_t seldom = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY) | EVENT_BIT(EVENT_CHAIN) |
				EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_FINDING);
	uint32_t kinds = all_kinds(outputs);

	/* A function of somebody else's is called where its owner is. */
	return options->n_threads > 1 && !is_live(options) && !options->n_functions && kinds & ~seldom && !(kinds & ~PARCEL_KINDS);
}

/* In the thread of the relay, as rest_there() is. */
static void read_there(void *owner, const struct event *event, bool is_shown)
{
	struct outputs *outputs = owner;

	for (size_t i = 0; i < outputs->n_sinks; i++)
		if (outputs->sinks[i].sink.kinds & EVENT_BIT(event->kind))
			tell(&outputs->sinks[i], event, is_shown);
}

static void rest_there(void *owner)
{
	struct outputs *outputs = owner;

	flush_here(outputs);
	atomic_store(&outputs->is_failed, have_failed(outputs));
}

static bool start_relay(struct outputs *outputs)
{
	const struct relay_reader reader = { read_there, rest_there, outputs };
	struct parcel_wants wants = { .left = false };

	for (size_t i = 0; i < outputs->n_sinks; i++) {
		wants.left |= outputs->sinks[i].sink.type->wants_left;
		wants.frames |= outputs->sinks[i].sink.type->wants_frames;
	}
	outputs->relay = relay_create(&reader, &wants);
	return outputs->relay != NULL;
}

bool outputs_open(struct outputs *outputs, const struct run_options *options, const struct screen *screen,
		  struct stream *stream, struct diagnostics *diagnostics)
{
	bool uses_screen = false, is_ok = true;

	memset(outputs, 0, sizeof(*outputs));
	outputs->is_shown = true;
	outputs->sinks = alloc_zeroed(options->n_outs + options->n_functions + 1, sizeof(*outputs->sinks));
	if (options->n_outs + options->n_functions > OUTPUTS_MOST) {
		diag_error_plain(diagnostics, "--out: at most %d outputs", OUTPUTS_MOST);
		is_ok = false;
	}
	for (size_t i = 0; i < options->n_outs && is_ok; i++) {
		is_ok = open_output(outputs, options->outs[i], options, screen, diagnostics);
		uses_screen |= is_for_screen(options->outs[i]);
	}
	for (size_t i = 0; i < options->n_functions && is_ok; i++)
		is_ok = open_function(outputs, options, &options->functions[i], diagnostics);
	if (is_ok && screen && screen->view && !uses_screen)
		is_ok = open_view(outputs, options, screen, diagnostics);
	if (!is_ok) {
		outputs_close(outputs, false, diagnostics);
		return false;
	}
	if (pays_relay(outputs, options) && start_relay(outputs))
		stream_add(stream, all_kinds(outputs), listen_and_send, outputs);
	else
		for (size_t i = 0; i < outputs->n_sinks; i++)
			stream_add(stream, outputs->sinks[i].sink.kinds, listen_here, &outputs->sinks[i]);
	return true;
}

void outputs_flush(struct outputs *outputs)
{
	if (!outputs->relay)
		flush_here(outputs);
}

bool outputs_have_failed(const struct outputs *outputs)
{
	return outputs->relay ? atomic_load(&outputs->is_failed) : have_failed(outputs);
}

bool outputs_close(struct outputs *outputs, bool is_complete, struct diagnostics *diagnostics)
{
	bool is_ok = true, has_failed_to_open = outputs->has_failed_to_open;

	relay_destroy(outputs->relay);
	outputs->relay = NULL;
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
