#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The labs: what a student finds is not yet right, the worked answer is, and both are told.

. "$(dirname "$0")/harness"
labs=$top/docs/labs

# answered LAB: a copy of the folder in which the worked answer is the student's
answered() {
	rm -rf labs && cp -R "$labs" labs && chmod -R u+w labs || return 1
	for answer in labs/"$1"/answer.*; do
		case $answer in
		*.md) ;;
		*) cp "$answer" "labs/$1/my.${answer##*.}" || return 1;;
		esac
	done
	ends 0 lab --labs labs "${1%%-*}"
}

n_labs=0
for folder in "$labs"/[0-9]*; do
	lab=${folder##*/}
	number=${lab%%-*}
	n_labs=$((n_labs + 1))
	passes "lab $number: what a student begins with is not right yet" ends 1 lab --labs "$labs" "$number"
	passes "which is told with a reason" grep -q 'FAILED' .own/stdout
	passes "below the questions" grep -q "^# Lab $number: " .own/stdout
	passes "the worked answer is right" answered "$lab"
	passes "and has a page" test -s "$folder/answer.md"
done
passes "there are labs" test $n_labs -ge 3
passes "lab alone lists them" ends 0 lab --labs "$labs"
passes "all of them" sh -c '[ "$(grep -c "^  [0-9]" .own/stdout)" = "$1" ]' - $n_labs
says "a lab that is not there" 2 'there is no lab 99' lab --labs "$labs" 99
says "no number" 2 'one number is wanted' lab --labs "$labs" first
says "no labs" 2 'says where the labs are' lab --labs nowhere
finish
