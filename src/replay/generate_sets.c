/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of sets, read from what `ipset save` prints of them: those first that only one side has. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "replay/generate_parts.h"
#include "packet/protocol.h"
#include "rules/ipset/ipset.h"

/* "tcp:80", "80"; other protocols' are left out. */
static void parse_port(const char *text, struct generate_element *element)
{
	const char *colon = strchr(text, ':');
	char *end;
	unsigned long port = strtoul(colon ? colon + 1 : text, &end, 10);

	if (*end || end == text || port > UINT16_MAX || (colon && strncmp(text, "udp:", 4) != 0 && strncmp(text, "tcp:", 4) != 0))
		return;
	if (colon)
		element->protocol = *text == 'u' ? PROTOCOL_UDP : PROTOCOL_TCP;
	element->has_port = true;
	element->port = (uint16_t)port;
}

/* The dimensions of "10.0.0.0/8,tcp:80". False when there is neither an address nor a port. */
static bool parse_element(char *text, struct generate_element *element)
{
	struct masked_address range;
	enum family family;
	char *rest = text, *part;

	*element = (struct generate_element){ .family = FAMILY_NONE };
	while ((part = strtok_r(rest, ",", &rest)) != NULL) {
		if (!address_parse_masked(part, strlen(part), &family, &range)) {
			parse_port(part, element);
		} else if (element->family == FAMILY_NONE) {
			element->family = family;
			element->first = element->last = range.address;
			for (size_t i = 0; i < (family == FAMILY_IPV6 ? 4 : 1); i++)
				element->last.word[i] |= ~range.mask.word[i];
		}
	}
	return element->family != FAMILY_NONE || element->has_port;
}

/* Lines "add SET ELEMENT ..." cut behind the element; `owned` keeps them. */
struct lines { char **owned; size_t n, capacity; };

static void read_lines(const struct ipsets *sets, struct lines *lines)
{
	struct ipsets_position position = { .set = 0 };
	struct text line;

	text_init(&line);
	while (sets && lines->n < GENERATE_MOST_ELEMENTS && ipsets_next_line(sets, &position, (struct vtime){ 0 }, &line)) {
		const char *element = strncmp(text_string(&line), "add ", 4) == 0 ? strchr(text_string(&line) + 4, ' ') : NULL;

		if (element) {
			if (lines->n == lines->capacity) {
				lines->capacity = alloc_grown_capacity(lines->capacity, lines->n + 1);
				lines->owned = alloc_resize(lines->owned, lines->capacity, sizeof(*lines->owned));
			}
			element += 1 + strcspn(element + 1, " ");
			lines->owned[lines->n++] = alloc_copy(text_string(&line), (size_t)(element - text_string(&line)));
		}
		text_reset(&line);
	}
	ipsets_end(&position);
	text_clear(&line);
}

/* Those of `lines` that `others` has, or has not. */
static void take(const struct lines *lines, const struct lines *others, bool has, struct generate_elements *elements)
{
	struct map known;

	map_init(&known);
	for (size_t i = 0; i < others->n; i++)
		map_add(&known, others->owned[i], others->owned[i]);
	for (size_t i = 0; i < lines->n && elements->n < GENERATE_MOST_TRIED; i++) {
		char *text;

		if ((map_find(&known, lines->owned[i]) != NULL) != has)
			continue;
		text = alloc_copy(lines->owned[i], strlen(lines->owned[i]));
		elements->n += parse_element(strrchr(text, ' ') + 1, &elements->elements[elements->n]);
		free(text);
	}
	map_clear(&known);
}

void generate_find_elements(const struct ipsets *const sets[2], struct generate_elements *elements)
{
	struct lines lines[2];

	memset(lines, 0, sizeof(lines));
	for (size_t i = 0; i < 2; i++)
		read_lines(sets[i], &lines[i]);
	elements->n = 0;
	take(&lines[0], &lines[1], false, elements);
	take(&lines[1], &lines[0], false, elements);
	take(&lines[0], &lines[1], true, elements);
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < lines[i].n; k++)
			free(lines[i].owned[k]);
		free(lines[i].owned);
	}
}
