/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of options by their kind: from words to the configuration. Private to rules/options. */
#ifndef RULES_OPTIONS_VALUE_H
#define RULES_OPTIONS_VALUE_H

#include <stdbool.h>

#include "base/diag.h"
#include "rules/extension.h"

/* Parses `value` as what the option's kind (neither flag nor custom) says, into `slot`; false after an error. */
bool options_value_store(const struct option_spec *option, void *slot, const struct argument *value,
			 const struct extension_place *place, struct diagnostics *diagnostics);

/* Addresses as iptables 1.8.9 reads them, in options_address.c. */
bool options_value_store_address(struct option_address *address, const struct argument *value, enum family family,
				 struct diagnostics *diagnostics);
/* An address alone, for a mask. */
bool options_value_store_mask(struct address *mask, const struct argument *value, enum family family,
			      struct diagnostics *diagnostics);
/* A length, or a mask; iptables takes one with holes for all of the address. */
bool options_value_store_prefix_len(uint32_t *prefix_len, const struct argument *value, enum family family,
				    struct diagnostics *diagnostics);
bool options_value_store_address_range(struct address_range *range, const struct argument *value, enum family family,
				       struct diagnostics *diagnostics);

#endif
