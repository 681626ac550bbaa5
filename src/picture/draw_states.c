/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state machine: the flow's own steps strong and numbered, other ones that it could have taken from there faint. */
#include <inttypes.h>
#include <stdlib.h>

#include "picture/diagrams.h"
#include "picture/machine.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

enum { FIELD_X = PICTURE_MARGIN, FIELD_Y = 92, NODE_W = 138, NODE_H = 40, LIST_X = 910, LIST_Y = 112, STEP_H = 66, FOOT_H = 84,
       LIST_W = PICTURE_WIDTH - PICTURE_MARGIN - LIST_X };

static struct point middle_of(const struct machine *machine, int state)
{
	return (struct point){ FIELD_X + machine->states[state].at.x, FIELD_Y + machine->states[state].at.y };
}

/* Where the line from a node's middle towards `to` leaves the node. */
static struct point border(struct point middle, struct point to)
{
	int dx = to.x - middle.x, dy = to.y - middle.y, half_w = NODE_W / 2 + 2, half_h = NODE_H / 2 + 2;

	if (!dx && !dy)
		return middle;
	if (abs(dx) * half_h > abs(dy) * half_w)
		return (struct point){ middle.x + (dx > 0 ? half_w : -half_w), middle.y + dy * half_w / abs(dx) };
	return (struct point){ middle.x + dx * half_h / abs(dy), middle.y + (dy > 0 ? half_h : -half_h) };
}

/* A bow to the right of its direction, so that there and back are two. Returns its middle. */
static struct point draw_edge(struct canvas *canvas, const struct machine *machine, const int ends[2], int bow, const struct look *look)
{
	struct point from = middle_of(machine, ends[0]), to = middle_of(machine, ends[1]);
	struct point over = { (from.x + to.x) / 2 - (to.y - from.y) * bow / 100, (from.y + to.y) / 2 + (to.x - from.x) * bow / 100 };

	return canvas_curve(canvas, border(from, over), over, border(to, over), look);
}

/* Life's way is straight where it goes on to a neighbour. */
static int bow_of(const struct machine *machine, int from, int to)
{
	const struct point *a = &machine->states[from].at, *b = &machine->states[to].at;
	int far = abs(a->x - b->x) > 300 || abs(a->y - b->y) > 230;

	return far ? 16 : 8;
}

static bool is_taken(const struct machine *machine, int from, int to)
{
	for (size_t i = 0; i < machine->n_steps; i++)
		if (machine->steps[i].from == from && machine->steps[i].to == to)
			return true;
	return false;
}

static void draw_possible(struct canvas *canvas, const struct machine *machine)
{
	static const struct look faint = { .line = INK_FAINT, .width = 14, .dash = DASH_LONG };

	for (int from = 0; from < machine->n_states; from++)
		for (int to = 0; to < machine->n_states; to++)
			if (from != to && machine->is_visited[from] && machine->can_step[from][to] && !is_taken(machine, from, to))
				draw_edge(canvas, machine, (int[]){ from, to }, bow_of(machine, from, to), &faint);
}

static void draw_number(struct canvas *canvas, struct point at, const char *number, enum ink ink)
{
	static const struct lettering style = { .ink = INK_PAPER, .size = 12, .is_bold = true, .anchor = ANCHOR_MIDDLE };
	struct look disc = { .fill = ink, .line = INK_PAPER, .width = 20, .radius = 11 };
	int width = canvas_text_width(&style, number) + 12;

	if (width < 22)
		width = 22;
	canvas_box(canvas, (struct area){ at.x - width / 2, at.y - 11, width, 22 }, &disc);
	canvas_text(canvas, (struct point){ at.x, at.y + 4 }, &style, "%s", number);
}

/* Steps along the same edge share one arrow: "2, 5". */
static void draw_taken(struct canvas *canvas, const struct machine *machine)
{
	for (size_t i = 0; i < machine->n_steps; i++) {
		const struct machine_step *step = &machine->steps[i];
		struct look strong = { .line = step->packet ? INK_BLUE : INK_PURPLE, .width = 26, .dash = step->packet ? DASH_NONE : DASH_LONG };
		bool is_first = true;
		struct text numbers;
		struct point middle;

		text_init(&numbers);
		for (size_t k = 0; k < machine->n_steps; k++) {
			if (machine->steps[k].from != step->from || machine->steps[k].to != step->to)
				continue;
			is_first = is_first && k >= i;
			text_printf(&numbers, "%s%zu", numbers.len ? ", " : "", k + 1);
		}
		if (is_first) {
			middle = draw_edge(canvas, machine, (int[]){ step->from, step->to }, bow_of(machine, step->from, step->to), &strong);
			draw_number(canvas, middle, text_string(&numbers), strong.line);
		}
		text_clear(&numbers);
	}
}

static void draw_nodes(struct canvas *canvas, const struct machine *machine)
{
	for (int i = 0; i < machine->n_states; i++) {
		struct point middle = middle_of(machine, i);
		bool is_visited = machine->is_visited[i];
		struct look box = { .fill = is_visited ? INK_PAPER : INK_PANEL, .line = is_visited ? INK_BLUE : INK_LINE,
				    .width = is_visited ? 24 : 10, .radius = 10 };
		struct lettering name = { .ink = is_visited ? INK_TEXT : INK_MUTED, .size = 13, .is_bold = is_visited, .anchor = ANCHOR_MIDDLE };
		int width = canvas_text_width(&name, machine->states[i].name) + 16;

		if (width > NODE_W)
			name.size = 11;
		canvas_box(canvas, (struct area){ middle.x - NODE_W / 2, middle.y - NODE_H / 2, NODE_W, NODE_H }, &box);
		canvas_text_within(canvas, (struct point){ middle.x, middle.y + 5 }, NODE_W - 6, &name, machine->states[i].name);
	}
}

static void draw_step(struct canvas *canvas, const struct machine *machine, size_t i, int y)
{
	static const struct lettering head = { .ink = INK_TEXT, .size = 12, .is_bold = true };
	static const struct lettering muted = { .ink = INK_MUTED, .size = 11 };
	const struct machine_step *step = &machine->steps[i];
	struct text text;

	text_init(&text);
	text_printf(&text, "%zu", i + 1);
	draw_number(canvas, (struct point){ LIST_X + 14, y }, text_string(&text), step->packet ? INK_BLUE : INK_PURPLE);
	canvas_text_within(canvas, (struct point){ LIST_X + 36, y - 2 }, LIST_W - 36, &head, machine->states[step->to].name);
	text_reset(&text);
	picture_words_print_time(step->time, &text);
	if (step->packet)
		text_printf(&text, " s, packet %" PRIu64 " · then %u s to live", step->packet->number, step->packet->timeout_seconds);
	else
		text_append(&text, " s");
	canvas_text_within(canvas, (struct point){ LIST_X + 36, y + 13 }, LIST_W - 36, &muted, text_string(&text));
	text_reset(&text);
	machine_print_reason(machine, step, &text);
	canvas_text_lines(canvas, (struct area){ LIST_X + 36, y + 27, LIST_W - 36, 0 }, 2, &muted, text_string(&text));
	text_clear(&text);
}

static int height_of(const struct machine *machine, int list_bottom)
{
	int bottom = list_bottom - 40;

	for (int i = 0; i < machine->n_states; i++)
		if (middle_of(machine, i).y > bottom)
			bottom = middle_of(machine, i).y;
	return bottom + FOOT_H;
}

void draw_states(const struct tale *tale, struct canvas *canvas)
{
	static const struct lettering legend = { .ink = INK_MUTED, .size = 12 };
	struct machine machine;
	int bottom;
	struct text title;

	if (!machine_find(tale, &machine)) {
		picture_nothing(canvas, tale, "States", "no such entry came into the table");
		return;
	}
	text_init(&title);
	text_printf(&title, "The states of #%" PRIu64 ", ", machine.entry->view.id);
	packet_words_print_flow(&machine.entry->view.tuple[DIRECTION_ORIGINAL], &title);
	canvas->width = PICTURE_WIDTH;
	bottom = LIST_Y + (int)machine.n_steps * STEP_H;
	canvas->height = height_of(&machine, bottom);
	picture_head(canvas, tale, text_string(&title));
	draw_possible(canvas, &machine);
	draw_taken(canvas, &machine);
	draw_nodes(canvas, &machine);
	for (size_t i = 0; i < machine.n_steps; i++)
		draw_step(canvas, &machine, i, LIST_Y + (int)i * STEP_H);
	if (machine.n_left_out)
		canvas_text(canvas, (struct point){ LIST_X + 36, bottom + 4 }, &legend, "and %zu steps more", machine.n_left_out);
	canvas_text(canvas, (struct point){ PICTURE_MARGIN, canvas->height - 18 }, &legend,
		    "Strong: the steps that this flow took; purple: by time alone. Faint: others that some packet could have taken from there.");
	text_clear(&title);
}
