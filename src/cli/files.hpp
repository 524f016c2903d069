// Files of the command line's own: read whole, and written anew, never over another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "report/messages.hpp"

namespace trama {

/// The file's text. Where it does not begin with `head` no more than its beginning: whatever it is,
/// it may be long. Errors: it is not there, a folder, or not readable; one line, in `language`.
Result<std::string> read_file(const std::string& path, Language language,
                              std::string_view head = {});

/// Why nothing could be written to `folder`, or made there; so that this is said before long work, and
/// not behind it. Makes nothing.
std::optional<Error> why_not_writable(const std::string& folder, Language language);

/// Writes `text` to a new file `folder/stem.extension`, or `stem-2.extension` and so on where there
/// is one already; the folder is made if need be. Its path. Errors as above; then nothing is left.
Result<std::string> write_new_file(const std::string& folder, const std::string& stem,
                                   std::string_view extension, std::string_view text,
                                   Language language);

}  // namespace trama
