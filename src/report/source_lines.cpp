#include "report/source_lines.hpp"

#include <sys/stat.h>

#include <fstream>

namespace trama {

std::string source_line(const std::string& path, std::uint32_t number) {
  struct stat status {};
  // A path out of a trace file may name anything: only ordinary files are opened.
  if (number == 0 || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  std::ifstream file(path);
  std::string line;
  for (std::uint32_t i = 0; i < number; ++i) {
    if (!std::getline(file, line)) return {};
  }
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace trama
