/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hashlimit_rate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rate_units.h"

enum { MS = 1000 };

static uint64_t factor_of(char letter)
{
	return letter == 'm' ? 1024 * 1024 : letter == 'k' ? 1024 : 1;
}

uint64_t hashlimit_rate_bytes(uint64_t price)
{
	return ((price ? UINT32_MAX / price : UINT32_MAX) - 1) << HASHLIMIT_BYTE_SHIFT;
}

static uint64_t price_of(uint64_t bytes)
{
	return UINT32_MAX / ((uint32_t)(bytes >> HASHLIMIT_BYTE_SHIFT) + 1);
}

/* "10kb/s"; false when it is no rate of bytes. */
static bool parse_bytes(const char *text, struct hashlimit_parameters *parameters, uint32_t *unit)
{
	const char *letters = strstr(text, "b/s");
	uint64_t bytes = (uint64_t)atoll(text);

	if (!letters || letters == text || !bytes)
		return false;
	parameters->average = price_of(bytes * factor_of(letters[-1]));
	parameters->mode |= HASHLIMIT_BYTES;
	*unit = HASHLIMIT_BYTE_EXPIRE;
	return true;
}

static bool parse_packets(const char *text, struct hashlimit_parameters *parameters, uint32_t *unit)
{
	const char *slash = strchr(text, '/');
	uint64_t rate = (uint64_t)atoll(text);

	*unit = slash ? rate_units_find(slash + 1) : 1;
	if (!*unit || !rate)
		return false;
	parameters->average = (uint64_t)HASHLIMIT_SCALE * *unit / rate;
	return true;
}

bool hashlimit_rate_parse(const struct argument *value, struct hashlimit_parameters *parameters, uint32_t *unit,
			  struct diagnostics *diagnostics)
{
	if (!parse_bytes(value->text, parameters, unit) && !parse_packets(value->text, parameters, unit)) {
		diag_error(diagnostics, value->where, "NUMBER/second, /minute, /hour, /day, or NUMBERb/s, kb/s, mb/s",
			   "\"%s\" is not a rate", value->text);
		return false;
	}
	if (parameters->average)
		return true;
	diag_error(diagnostics, value->where, NULL, "the rate %s is too fast", value->text);
	return false;
}

bool hashlimit_rate_parse_burst(const struct argument *value, uint64_t *burst, struct diagnostics *diagnostics)
{
	const char *end;
	uint64_t number;

	if (!options_read_number(value->text, &end, &number) || !number || (!*end && number > HASHLIMIT_BURST_MOST)) {
		diag_error(diagnostics, value->where, NULL, "\"%s\" is not a burst from 1 to %d", value->text,
			   HASHLIMIT_BURST_MOST);
		return false;
	}
	*burst = number * factor_of(*end);
	return true;
}

uint32_t hashlimit_rate_print_packets(uint64_t period, struct text *out)
{
	if (!period) {
		text_append(out, " inf");
		return 0;
	}
	text_append_char(out, ' ');
	return rate_units_print(period, HASHLIMIT_SCALE, out) * MS;
}

uint32_t hashlimit_rate_print_bytes(const struct hashlimit_parameters *parameters, const char *dashes, struct text *out)
{
	static const struct { const char *letter; uint32_t bytes; } sizes[] = { { "m", 1024 * 1024 }, { "k", 1024 }, { "", 1 } };
	uint64_t bytes = hashlimit_rate_bytes(parameters->average);
	unsigned i = 0;

	while (i < 2 && !(bytes >= sizes[i].bytes && price_of(bytes & (uint32_t)~(sizes[i].bytes - 1)) == parameters->average))
		i++;
	text_printf(out, " %" PRIu64 "%sb/s", bytes / sizes[i].bytes, sizes[i].letter);
	if (!parameters->burst)
		return HASHLIMIT_BYTE_EXPIRE * MS;
	bytes *= parameters->burst;
	for (i = 0; i < 2 && bytes < sizes[i].bytes;)
		i++;
	text_printf(out, " %sburst %" PRIu64 "%sb", dashes, bytes / sizes[i].bytes, sizes[i].letter);
	return HASHLIMIT_BYTE_EXPIRE_BURST * MS;
}
