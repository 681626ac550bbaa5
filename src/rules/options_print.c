/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options in iptables-save's form, and their descriptions. */
#include <string.h>

#include "rules/options.h"

static void print_names(const struct option_spec *option, uint32_t value, struct text *out)
{
	uint32_t left = value;
	const char *separator = "";

	for (const struct option_name *name = option->names; name->name; name++) {
		if (option->kind == OPTION_NAME ? name->value != value :
		    name->value ? (left & name->value) != name->value : value != 0)
			continue;
		text_printf(out, "%s%s", separator, name->name);
		if (option->kind == OPTION_NAME)
			return;
		left &= ~name->value;
		separator = ",";
	}
}

static void print_address(const struct option_address *address, struct text *out)
{
	int prefix_len = address_mask_prefix_len(address->family, &address->mask);

	address_print(address->family, &address->address, out);
	/* iptables 1.8.9, conntrack_dump_addr(): a mask with holes is not printed at all. */
	if (prefix_len >= 0 && prefix_len != (address->family == FAMILY_IPV6 ? 128 : 32))
		text_printf(out, "/%d", prefix_len);
}

static void print_value(const struct option_spec *option, const void *slot, struct text *out)
{
	const struct number_range *range = slot;
	const struct masked_value *masked = slot;
	const struct address_range *addresses = slot;

	switch (option->kind) {
	case OPTION_NUMBER:
		text_append_u64(out, *(const uint32_t *)slot);
		break;
	case OPTION_NUMBER_RANGE:
	case OPTION_PORT_RANGE:
		text_append_u64(out, range->first);
		if (range->first != range->last && (range->last || !(option->flags & OPTION_HIDES_ZERO)))
			text_printf(out, ":%u", range->last);
		break;
	case OPTION_NAME:
	case OPTION_NAME_SET:
		print_names(option, *(const uint32_t *)slot, out);
		break;
	case OPTION_MASKED:
		text_printf(out, masked->mask == UINT32_MAX ? "0x%x" : "0x%x/0x%x", masked->value, masked->mask);
		break;
	case OPTION_STRING:
		options_print_string(slot, out);
		break;
	case OPTION_ADDRESS:
		print_address(slot, out);
		break;
	case OPTION_ADDRESS_RANGE:
		address_print(addresses->family, &addresses->first, out);
		text_append_char(out, '-');
		address_print(addresses->family, &addresses->last, out);
		break;
	case OPTION_FLAG:
	case OPTION_CUSTOM:
		break;
	}
}

void options_print_option(const struct option_spec *option, const void *config, struct text *out)
{
	if (options_is_inverted(config, option->mark))
		text_append(out, "! ");
	if (option->print) {
		option->print(config, out);
		return;
	}
	text_printf(out, "--%s", option->name);
	if (option->kind == OPTION_FLAG)
		return;
	text_append_char(out, ' ');
	print_value(option, (const char *)config + option->offset, out);
}

/* A range of everything says nothing; iptables-save leaves it out, even with its inversion. */
static bool is_omitted(const struct option_spec *option, const void *config)
{
	const struct number_range *range = (const void *)((const char *)config + option->offset);
	uint32_t most = option->kind == OPTION_PORT_RANGE ? UINT16_MAX : (uint32_t)option->max;

	return (option->flags & OPTION_OMIT_FULL) && range->first == (uint32_t)option->min && range->last == most;
}

void options_print(const struct option_spec *options, size_t n_options, const void *config, struct text *out)
{
	for (size_t i = 0; i < n_options; i++) {
		if ((options[i].flags & OPTION_IS_ALIAS) || !options_is_seen(config, options[i].mark) ||
		    is_omitted(&options[i], config))
			continue;
		text_append_char(out, ' ');
		options_print_option(&options[i], config, out);
	}
}

static void describe_aliases(const struct option_spec *options, size_t n_options, const char *name, struct text *out)
{
	const char *separator = " (also ";

	for (size_t i = 0; i < n_options; i++) {
		if (!(options[i].flags & OPTION_IS_ALIAS) || strcmp(options[i].alias_of, name) != 0)
			continue;
		text_printf(out, "%s--%s", separator, options[i].name);
		separator = ", ";
	}
	if (separator[0] == ',')
		text_append_char(out, ')');
}

void options_describe(const struct option_spec *options, size_t n_options, struct text *out)
{
	enum { SUMMARY_COLUMN = 42 };

	for (size_t i = 0; i < n_options; i++) {
		const struct option_spec *option = &options[i];
		size_t start = out->len;

		if (option->flags & OPTION_IS_ALIAS)
			continue;
		text_printf(out, "%s --%s%s%s", option->flags & OPTION_INVERTIBLE ? "[!]" : "   ", option->name,
			    option->value_name ? " " : "", option->value_name ? option->value_name : "");
		text_pad_to(out, start, SUMMARY_COLUMN);
		text_printf(out, " %s", option->summary);
		describe_aliases(options, n_options, option->name, out);
		text_append_char(out, '\n');
	}
}

void options_print_string(const char *string, struct text *out)
{
	static const char bare[] = "_-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	if (string[0] && !string[strspn(string, bare)]) {
		text_append(out, string);
		return;
	}
	text_append_char(out, '"');
	for (; *string; string++) {
		if (strchr("\"\\'", *string))
			text_append_char(out, '\\');
		text_append_char(out, *string);
	}
	text_append_char(out, '"');
}
