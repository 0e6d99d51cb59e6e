# What doxygen reads in place of a header: the same lines, with plain comments made doxygen's.
#   above or behind a declaration            it describes that declaration
#   between empty lines, not indented        it describes the file
# An indented line of a comment stays a line of its own. A // behind a declaration becomes a block, which ends with its
# line: doxygen lets // run on into the comment of the next line.

function put(of_file,  block, i) {
  block = comment[1] ~ /^ *\/\*/
  if (of_file) print block ? "/** @file" : "/// @file"
  else if (blank) print ""
  for (i = 1; i <= count; i++) {
    if (!block) sub(/\/\//, "///", comment[i])
    else if (i == 1) sub(/\/\*/, of_file ? " *" : "/**", comment[i])
    sub(/^ *(\/\/\/| \*)   +/, "&@n ", comment[i])
    print comment[i]
  }
  count = blank = 0
}

inside || /^ *\/\/( |$)/ || /^ *\/\* / {
  inside = (inside || /^ *\/\*/) && !/\*\/$/
  comment[++count] = $0
  next
}
{ put(/^$/ && blank && count && comment[1] ~ /^\//) }
# doxygen 1.9 has no scope for what is declared into another namespace.
{ sub(/^struct fmt::/, "struct ") }
/^$/ { blank = 1; next }
/[^ {] +\/\/ / && !/^(#|} )/ { sub(/\/\/ /, "/**< "); $0 = $0 " */" }
/[^ {] +\/\* / { sub(/\/\* /, "/**< ") }
{ print }
END { put(0) }
