// SPDX-License-Identifier: Apache-2.0
// Texts and tasks: lines of JSON, or plain text when the first byte is a 't'.
#include "core/tokenizer/documents.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/tiny_checkpoint.h"

using namespace espalier;

std::vector<std::string> fuzz::fuzzSeeds()
{
    return {"j{\"text\": \"A paragraph of the domain.\"}", "j{\"prompt\": \"82-27=\", \"answer\": \"55\", \"id\": 3}",
            "j{\"text\": \"one\"}\n{\"prompt\": \"two\", \"answer\": \"t\xc3\xbc\"}\r\n\n{\"text\": \"\\u00e4\\n\"}\n",
            "tPlain text\nin two lines, \xe2\x82\xac\n"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return fuzz::kRefused;
    const auto file = fuzz::scratchFolder() / (data[0] == 't' ? "input.txt" : "input.jsonl");
    test::writeText(file, fuzz::viewOf(data + 1, size - 1));
    const auto texts = tokenizer::readDocuments({"domain", file});
    if (!texts)
        return fuzz::refused(texts.error());
    fuzz::require(!texts->documents.empty(), "no document was accepted");
    for (const auto& document : texts->documents)
        fuzz::require(!document.task || document.text == document.prompt + document.answer, "a task is not its parts");
    return 0;
}
